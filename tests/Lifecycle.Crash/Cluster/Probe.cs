using System.Globalization;
using Lifecycle.Crash.Judging;
using Lifecycle.Crash.Load;

namespace Lifecycle.Crash.Cluster;

/// <summary>
/// A client with one customer at a time, who asks and writes by turns and retries at once, at the next front.
/// </summary>
internal sealed class Probe(int number, TrafficOfRun traffic, Reader reader, Pauses pauses)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(25);

    private int _sent;

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            var known = "";
            for (var turn = 0; ; turn++)
            {
                var customer = $"p{Text(pauses.Round)}-{Text(number)}";
                var write = turn % 2 == 0 || customer != known ? Next(customer) : null;
                known = customer;
                Site? site = null;
                pauses.Begin(number, customer);
                while (!await TryAsync(
                           site = await traffic.Door.SiteAsync(cancel, site), customer, write, cancel))
                    await Task.Delay(AtOnce, cancel);
                pauses.End(number);
                await Task.Delay(Every, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
        catch (Exception e)
        {
            traffic.Faults.Add($"Client {Text(number)} failed: {e}");
        }
    }

    private async Task<bool> TryAsync(
        Site site, string customer, WriteRequest? write, CancellationToken cancel) => write is null
        ? await reader.ReadAsync(site, customer, cancel) == 200
        : await traffic.Writing.SendAsync(site, write, cancel);

    private WriteRequest Next(string customer)
    {
        var id = $"{customer}-{Text(++_sent)}";
        return WriteRequest.OfEvents(
            [new(new(customer, InputMaker.Source, id), InputKind.Order, 1 + _sent % 9, $"o-{id}")],
            TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
