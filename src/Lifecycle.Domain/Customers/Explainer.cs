using System.Collections.Immutable;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>
/// Which entries make a number of the view, and their sum. It reads effects alone and knows nothing of state, so it is
/// a second opinion on the fold.
/// </summary>
public sealed class Explainer
{
    private static readonly string[] WindowFacts =
        ["orders", "spend_minor", "units", "returns", "visits", "views", "searches", "discount_minor"];

    private static readonly ImmutableArray<(string Name, int Days)> Windows =
        [.. Variables.Windows.Select(days => ($"{days}d", days)), ("lifetime", 0)];

    private readonly string _field;
    private readonly Func<Effect, IEnumerable<(string Cause, long? Amount, string? Text)>> _read;
    private readonly int _windowDays;

    private Explainer(
        string field, Func<Effect, IEnumerable<(string, long?, string?)>> read, int windowDays = 0)
    {
        _field = field;
        _read = read;
        _windowDays = windowDays;
    }

    /// <summary>Every field that can be explained.</summary>
    public static readonly ImmutableArray<string> Fields =
    [
        "stage", "points.available", "points.pending", "points.held", "points.lifetime.earned",
        "points.lifetime.redeemed", "points.lifetime.expired", "points.lifetime.reversed", "points.lifetime.adjusted",
        .. Windows.SelectMany(window => WindowFacts.Select(fact => $"metrics.windows.{window.Name}.{fact}")),
        "metrics.monetary_minor",
    ];

    /// <summary>Null for a field that is not among <see cref="Fields"/>.</summary>
    public static Explainer? For(string field)
    {
        switch (field)
        {
            case "stage":
                return new(field, ReadStage);
            case "points.available":
                return new(field, effect => ReadAccount(effect, Account.Available, 1));
            case "points.pending":
                return new(field, effect => ReadAccount(effect, Account.Pending, 1));
            case "points.held":
                return new(field, effect => ReadAccount(effect, Account.Held, 1));
            case "points.lifetime.earned":
                return new(field, effect => ReadAccount(effect, Account.Issued, -1));
            case "points.lifetime.redeemed":
                return new(field, effect => ReadAccount(effect, Account.Redeemed, 1));
            case "points.lifetime.expired":
                return new(field, effect => ReadAccount(effect, Account.Expired, 1));
            case "points.lifetime.reversed":
                return new(field, effect => ReadAccount(effect, Account.Reversed, 1));
            case "points.lifetime.adjusted":
                return new(field, effect => ReadAccount(effect, Account.Adjusted, -1));
            case "metrics.monetary_minor":
                return new(field, effect => ReadWindow(effect, "spend_minor"));
        }

        foreach (var (name, days) in Windows)
            foreach (var fact in WindowFacts)
                if (field == $"metrics.windows.{name}.{fact}") return new(field, e => ReadWindow(e, fact), days);
        return null;
    }

    /// <summary>Explains from all entries up to the instant.</summary>
    /// <param name="entries">Of one customer, oldest first, with the ticks that are due but not journaled at the end.</param>
    /// <param name="journaled">The last seq that the journal holds; what is above it is only due.</param>
    /// <param name="instant">The instant the answer is true for.</param>
    /// <param name="limit">How many contributions to name, newest first; the sum is of all.</param>
    public Explanation Explain(IEnumerable<Entry> entries, long journaled, Instant instant, int limit)
    {
        var found = new List<Contribution>();
        foreach (var entry in entries)
        {
            foreach (var effect in entry.Effects)
            {
                if (_windowDays > 0 && !Buckets.InWindow(PlacedAt(effect), _windowDays, instant)) continue;
                foreach (var (cause, amount, text) in _read(effect))
                    found.Add(new(
                        entry.Seq > journaled ? 0 : entry.Seq, entry.At, entry.OccurredAt, entry.Input.TypeName,
                        entry.Input is Input.Tick ? "" : entry.Input.Id, cause, amount, text));
            }
        }

        var isText = found.Count > 0 ? found[0].Amount is null : _field == "stage";
        found.Reverse();
        return new(
            _field, isText ? null : found.Sum(c => c.Amount ?? 0), isText ? found.FirstOrDefault()?.Text ?? "" : null,
            instant, found.Count, [.. found.Take(limit)]);
    }

    /// <summary>When the fact that an effect counts took place; a return restates the day of its order.</summary>
    private static Instant PlacedAt(Effect effect) => effect switch
    {
        Effect.OrderCounted order => order.OccurredAt,
        Effect.ReturnMatched returned => returned.OrderOccurredAt,
        Effect.ReturnCounted returned => returned.OccurredAt,
        Effect.ActivityCounted activity => activity.OccurredAt,
        _ => Instant.Earliest,
    };

    private static IEnumerable<(string, long?, string?)> ReadStage(Effect effect)
    {
        if (effect is Effect.StageChanged changed) yield return (changed.Reason, null, changed.To);
    }

    private static IEnumerable<(string, long?, string?)> ReadAccount(Effect effect, Account account, long sign)
    {
        if (effect is not Effect.PointsMoved moved || moved.Debit == moved.Credit) yield break;
        var cause = moved.Rule.Length == 0 ? moved.Cause : $"{moved.Cause}: {moved.Rule}";
        if (moved.Credit == account) yield return (cause, sign * moved.Points, null);
        if (moved.Debit == account) yield return (cause, -sign * moved.Points, null);
    }

    private static IEnumerable<(string, long?, string?)> ReadWindow(Effect effect, string fact)
    {
        var (cause, amount) = (effect, fact) switch
        {
            (Effect.OrderCounted { Counts: false }, _) or (Effect.ReturnMatched { Counts: false }, _) => ("", 0L),
            (Effect.OrderCounted, "orders") => ("order", 1L),
            (Effect.OrderCounted order, "spend_minor") => ("order", order.NetMinor),
            (Effect.OrderCounted order, "units") => ("order", order.Units),
            (Effect.OrderCounted order, "discount_minor") => ("order", order.DiscountMinor),
            (Effect.ReturnMatched { Whole: true }, "orders") => ("whole return", -1L),
            (Effect.ReturnMatched returned, "spend_minor") => ("return", -returned.NetMinor),
            (Effect.ReturnMatched returned, "units") => ("return", -returned.Units),
            (Effect.ReturnMatched returned, "discount_minor") => ("return", -returned.DiscountMinor),
            (Effect.ReturnCounted, "returns") => ("return", 1L),
            (Effect.ActivityCounted { Kind: ActivityKind.Visit }, "visits") => ("visit", 1L),
            (Effect.ActivityCounted { Kind: ActivityKind.ProductView }, "views") => ("view", 1L),
            (Effect.ActivityCounted { Kind: ActivityKind.Search }, "searches") => ("search", 1L),
            _ => ("", 0L),
        };
        if (amount != 0) yield return (cause, amount, null);
    }
}
