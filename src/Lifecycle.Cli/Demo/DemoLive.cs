using System.Globalization;
using Lifecycle.Client;

namespace Lifecycle.Cli.Demo;

/// <summary>What the live stream has done.</summary>
internal sealed record LiveTotals(long Events, long Orders, long Redemptions, long PointsRedeemed);

/// <summary>
/// Lets the customers go on, a few events a second, until somebody stops it. What they would do by the calendar is sent
/// at its time too, so that another run continues the history without a gap.
/// </summary>
internal sealed class DemoLive(LifecycleClient client, Surroundings surroundings, double rate)
{
    private const double RedeemChance = 0.3;
    private const long RedeemLeast = 200;

    private static readonly TimeSpan CalendarInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastFlushMax = TimeSpan.FromSeconds(5);

    private long _orders;
    private long _redemptions;
    private long _pointsRedeemed;
    private DateTimeOffset _calendar;

    /// <exception cref="CommandFailedException">The server is gone.</exception>
    public async Task<LiveTotals> RunAsync(Shop shop, DateTimeOffset from, CancellationToken cancel)
    {
        var run = string.Create(CultureInfo.InvariantCulture, $"live-{from:yyyyMMddHHmmssfff}");
        var stream = new LiveStream(shop, from, run);
        var chance = new Chance((ulong)shop.Settings.Seed, (ulong)from.UtcTicks);
        var sender = new EventSender(client, new() { Lanes = 1 });
        _calendar = from;
        try
        {
            try
            {
                await GoOnAsync(shop, stream, sender, chance, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // Stopping is how it ends.
            }
            using var last = new CancellationTokenSource(LastFlushMax, surroundings.Clock);
            await sender.FlushAsync(last.Token);
            await sender.AddAsync(ShopBooks.Filled(_calendar), last.Token);
            await sender.FlushAsync(last.Token);
            return new(sender.Totals.Answered - 1, _orders, _redemptions, _pointsRedeemed);
        }
        catch (LifecycleException failure)
        {
            throw new CommandFailedException(
                $"{Failures.TextOf(failure)}\nThe live stream ended after {sender.Totals.Answered} events.", failure);
        }
    }

    private async Task GoOnAsync(
        Shop shop, LiveStream stream, EventSender sender, Chance chance, CancellationToken cancel)
    {
        var clock = surroundings.Clock;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Clamp(1 / rate, 0.02, 1)), clock);
        var (start, sent, nextCalendar, nextNote) = (clock.GetTimestamp(), 0L, CalendarInterval, NoteInterval);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            var elapsed = clock.GetElapsedTime(start);
            for (; sent < elapsed.TotalSeconds * rate; sent++)
            {
                if (stream.Next() is not { } told) return;
                await sender.AddAsync(told with { OccurredAt = clock.GetUtcNow() }, cancel);
                if (told.Type != EventTypes.OrderPlaced) continue;
                _orders++;
                if (chance.Happens(RedeemChance)) await RedeemAsync(told, chance, cancel);
            }
            if (elapsed >= nextCalendar)
            {
                nextCalendar = elapsed + CalendarInterval;
                var now = clock.GetUtcNow();
                foreach (var told in shop.Until(now)) await sender.AddAsync(told, cancel);
                await sender.FlushAsync(cancel);
                _calendar = now;
            }
            if (elapsed >= nextNote)
            {
                nextNote = elapsed + NoteInterval;
                Note(sent);
            }
        }
    }

    /// <summary>A customer at the till spends what they have; somebody else may have been quicker.</summary>
    private async Task RedeemAsync(CustomerEvent order, Chance chance, CancellationToken cancel)
    {
        try
        {
            var status = await client.GetStatusAsync(order.Customer, cancel: cancel);
            if (status.Available < RedeemLeast) return;
            var points = Math.Min(status.Available, RedeemLeast * chance.Whole(1, 4)) / 100 * 100;
            await client.RedeemAsync(
                order.Customer, points, order.Data!.OrderId, options: new() { IdempotencyKey = $"{order.Id}-redeem" },
                cancel: cancel);
            _redemptions++;
            _pointsRedeemed += points;
        }
        catch (LifecycleException refusal) when (refusal.IsRefusal)
        {
            // They keep their points.
        }
    }

    private void Note(long events) => surroundings.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"Live: {events:N0} events, {_orders:N0} orders, {_redemptions:N0} redemptions. Ctrl+C ends it."));
}
