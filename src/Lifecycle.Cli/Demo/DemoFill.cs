using Lifecycle.Cli.Output;
using Lifecycle.Client;

namespace Lifecycle.Cli.Demo;

/// <summary>What was sent to fill a store up to an instant.</summary>
/// <param name="From">Nothing before it was sent again; null when the store had none of it.</param>
internal sealed record Filling(
    DateTimeOffset? From, DateTimeOffset To, EventSenderTotals Totals, IReadOnlyDictionary<string, long> Reasons,
    TimeSpan Time);

/// <summary>Sends the history that a store does not have yet, each customer's in the order of time.</summary>
internal sealed class DemoFill(LifecycleClient client, Surroundings surroundings)
{
    private const int Lanes = 4;

    private readonly SortedDictionary<string, long> _reasons = new(StringComparer.Ordinal);

    /// <param name="shop">Is told up to <paramref name="until"/> afterwards.</param>
    /// <param name="filled">What every earlier run had acknowledged.</param>
    /// <exception cref="CommandFailedException">It stopped before the end; running it again goes on.</exception>
    public async Task<Filling> RunAsync(
        Shop shop, DateTimeOffset? filled, DateTimeOffset until, CancellationToken cancel)
    {
        var start = surroundings.Clock.GetTimestamp();
        var progress = new Progress(surroundings, "Filling", "customers");
        var totals = await progress.RunAsync(
            shop.Settings.JoinedBy(until),
            () => Task.Run(() => SendAsync(shop, filled, until, progress, cancel), cancel));
        return new(filled, until, totals, _reasons, surroundings.Clock.GetElapsedTime(start));
    }

    private async Task<EventSenderTotals> SendAsync(
        Shop shop, DateTimeOffset? filled, DateTimeOffset until, Progress progress, CancellationToken cancel)
    {
        if (filled is { } known)
        {
            foreach (var _ in shop.Until(known)) cancel.ThrowIfCancellationRequested();
        }
        var sender = new EventSender(client, new()
        {
            Lanes = Lanes, Events = new() { Historical = true }, Answered = (_, answer) => Note(answer),
        });
        try
        {
            // The mark of the settings is durable before anything that is made from them.
            await sender.AddAsync(ShopBooks.Opening(shop.Settings), cancel);
            await sender.FlushAsync(cancel);
            var customer = "";
            foreach (var told in shop.Until(until))
            {
                if (told.Customer != customer) progress.Set(shop.Shoppers.Count);
                customer = told.Customer;
                await sender.AddAsync(told, cancel);
            }
            await sender.FlushAsync(cancel);
            await sender.AddAsync(ShopBooks.Filled(until), cancel);
            await sender.DisposeAsync();
            return sender.Totals;
        }
        catch (LifecycleException failure)
        {
            throw new CommandFailedException(
                $"{Failures.TextOf(failure)}\n{sender.Totals.Answered} events were answered before. "
                + "Run the demo again: it goes on, and what was taken is not taken twice.", failure);
        }
    }

    private void Note(EventsAnswer answer)
    {
        if (answer.Quarantined == 0) return;
        lock (_reasons)
        {
            foreach (var result in answer.Results)
            {
                var reason = result.Problem?.Reason ?? "unknown";
                _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
            }
        }
    }
}
