using System.Globalization;
using Lifecycle.Crash.Judging;
using Lifecycle.Crash.Load;

namespace Lifecycle.Crash.Cluster;

/// <summary>
/// A client with one customer, who asks and writes by turns and retries at once, at the next front.
/// </summary>
internal sealed class Probe(int number, TrafficOfRun traffic, Reader reader, Pauses pauses)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(25);

    private readonly string _customer = "p-" + number.ToString("D4", CultureInfo.InvariantCulture);
    private int _sent;

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            for (var turn = 0; ; turn++)
            {
                var write = turn % 2 == 0 ? Next() : null;
                Site? site = null;
                pauses.Begin(_customer);
                while (!await TryAsync(site = await traffic.Door.SiteAsync(cancel, site), write, cancel))
                    await Task.Delay(AtOnce, cancel);
                pauses.End(_customer);
                await Task.Delay(Every, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
        catch (Exception e)
        {
            traffic.Faults.Add($"The client of {_customer} failed: {e}");
        }
    }

    private async Task<bool> TryAsync(Site site, WriteRequest? write, CancellationToken cancel) => write is null
        ? await reader.ReadAsync(site, _customer, cancel) == 200
        : await traffic.Writing.SendAsync(site, write, cancel);

    private WriteRequest Next()
    {
        var id = $"{_customer}-{(++_sent).ToString(CultureInfo.InvariantCulture)}";
        return WriteRequest.OfEvents(
            [new(new(_customer, InputMaker.Source, id), InputKind.Order, 1 + _sent % 9, $"o-{id}")],
            TimeProvider.System.GetUtcNow().UtcDateTime);
    }
}
