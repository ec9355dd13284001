using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Load;

/// <summary>
/// Asks for the status of customers: no answer may be older than what was told before it was asked for.
/// </summary>
internal sealed class Reader(Door door, Customers customers, Sightings sightings, Random random, Faults faults)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(8);

    private long _reads;

    /// <summary>Reads that were answered with a customer.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                await ReadAsync(await door.SiteAsync(cancel), cancel);
                await Task.Delay(Pause, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
        catch (Exception e)
        {
            faults.Add($"A reader failed: {e}");
        }
    }

    /// <summary>Asks once; answers the status, null when no answer came.</summary>
    public Task<int?> ReadAsync(Site site, CancellationToken cancel) =>
        ReadAsync(site, customers.Draw(random), cancel);

    /// <summary>The same of a customer of the caller's choice.</summary>
    public async Task<int?> ReadAsync(Site site, string customer, CancellationToken cancel)
    {
        var floor = sightings.FloorOf(customer);
        using var request = Exchange.Get($"/v1/customers/{customer}/status");
        var answer = await Exchange.SendAsync(site, request, cancel);
        switch (answer)
        {
            case null or { IsLater: true }:
                break;
            case { Status: 200 }:
                var (version, balances) = Answers.OfStatus(answer.Body);
                sightings.Read(customer, floor, version, balances, site.Name);
                Interlocked.Increment(ref _reads);
                break;
            case { Status: 404 }:
                sightings.Missing(customer, floor, site.Name);
                break;
            default:
                faults.Add($"{site.Name} answered a read with {answer.Status}: {answer.Body}");
                break;
        }

        return answer?.Status;
    }
}
