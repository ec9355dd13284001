using System.Collections.Immutable;
using System.Diagnostics;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;
using ActivityKind = Lifecycle.Domain.Metrics.ActivityKind;

namespace Lifecycle.Domain.Customers;

/// <summary>
/// Which entries make a number of the view, and their sum. It reads effects alone and knows nothing of state, so it is
/// a second opinion on the fold.
/// </summary>
public sealed class Explainer
{
    private const string StageField = "stage";

    private static readonly string[] WindowFacts =
        ["orders", "spend_minor", "units", "returns", "visits", "views", "searches", "discount_minor"];

    private static readonly ImmutableArray<(string Name, int Days)> Windows =
        [.. Variables.Windows.Select(days => ($"{days}d", days)), ("lifetime", 0)];

    private readonly string _field;
    private readonly Func<Effect, IEnumerable<(string Cause, long? Amount, string? Text)>> _read;
    private readonly Func<Part, Instant, long> _ofPart;
    private readonly int _windowDays;

    private Explainer(
        string field, Func<Effect, IEnumerable<(string, long?, string?)>> read, Func<Part, Instant, long> ofPart,
        int windowDays = 0)
    {
        _field = field;
        _read = read;
        _ofPart = ofPart;
        _windowDays = windowDays;
    }

    /// <summary>Every field that can be explained.</summary>
    public static readonly ImmutableArray<string> Fields =
    [
        StageField, "points.available", "points.pending", "points.held", "points.lifetime.earned",
        "points.lifetime.redeemed", "points.lifetime.expired", "points.lifetime.reversed", "points.lifetime.adjusted",
        .. Windows.SelectMany(window => WindowFacts.Select(fact => $"metrics.windows.{window.Name}.{fact}")),
        "metrics.monetary_minor",
    ];

    /// <summary>Null for a field that is not among <see cref="Fields"/>.</summary>
    public static Explainer? For(string field)
    {
        switch (field)
        {
            case StageField:
                return new(field, ReadStage, (_, _) => 0);
            case "points.available":
                return OfAccount(field, Account.Available, 1);
            case "points.pending":
                return OfAccount(field, Account.Pending, 1);
            case "points.held":
                return OfAccount(field, Account.Held, 1);
            case "points.lifetime.earned":
                return OfAccount(field, Account.Issued, -1);
            case "points.lifetime.redeemed":
                return OfAccount(field, Account.Redeemed, 1);
            case "points.lifetime.expired":
                return OfAccount(field, Account.Expired, 1);
            case "points.lifetime.reversed":
                return OfAccount(field, Account.Reversed, 1);
            case "points.lifetime.adjusted":
                return OfAccount(field, Account.Adjusted, -1);
            case "metrics.monetary_minor":
                return OfWindow(field, "spend_minor", 0);
        }

        foreach (var (name, days) in Windows)
            foreach (var fact in WindowFacts)
                if (field == $"metrics.windows.{name}.{fact}") return OfWindow(field, fact, days);
        return null;
    }

    private static Explainer OfAccount(string field, Account account, long sign) => new(
        field, effect => ReadAccount(effect, account, sign), (part, _) => sign * part.Balances.Of(account));

    private static Explainer OfWindow(string field, string fact, int days) => new(
        field, effect => ReadWindow(effect, fact),
        (part, instant) => FactOf(days == 0 ? part.Lifetime : Buckets.Sum(part.Buckets, days, instant), fact), days);

    /// <summary>Explains from all entries up to the instant.</summary>
    /// <param name="entries">Of one customer, oldest first, with the ticks that are due but not journaled.</param>
    /// <param name="journaled">The last seq that the journal holds; what is above it is only due.</param>
    /// <param name="instant">The instant the answer is true for.</param>
    /// <param name="limit">How many contributions to name, newest first; the sum is of all.</param>
    public Explanation Explain(IEnumerable<Entry> entries, long journaled, Instant instant, int limit)
    {
        var explaining = Begin(journaled, instant, limit);
        foreach (var entry in entries) explaining.Take(entry);
        return explaining.Result;
    }

    /// <summary>The same entry by entry: what it keeps does not grow with the history.</summary>
    public Explaining Begin(long journaled, Instant instant, int limit) => new(this, journaled, instant, limit);

    /// <summary>An explanation under way.</summary>
    public sealed class Explaining
    {
        private readonly Explainer _explainer;
        private readonly long _journaled;
        private readonly Instant _instant;
        private readonly int _limit;
        private readonly Queue<Contribution> _newest = [];
        private string _text = "";
        private long _sum;
        private int _count;

        internal Explaining(Explainer explainer, long journaled, Instant instant, int limit) =>
            (_explainer, _journaled, _instant, _limit) = (explainer, journaled, instant, limit);

        /// <summary>What the entries so far come to.</summary>
        public Explanation Result
        {
            get
            {
                var isText = _explainer._field == StageField;
                return new(
                    _explainer._field, isText ? null : _sum, isText ? _text : null, _instant, _count,
                    [.. _newest.Reverse()]);
            }
        }

        /// <summary>Takes the next entry, oldest first.</summary>
        public void Take(Entry entry)
        {
            var days = _explainer._windowDays;
            foreach (var effect in entry.Effects)
            {
                if (PartOf(effect) is { } part) Take(entry, part.Cause, part.Sign, part.Part);
                if (days > 0 && !Buckets.InWindow(PlacedAt(effect), days, _instant)) continue;
                foreach (var (cause, amount, text) in _explainer._read(effect)) Keep(entry, cause, amount, text);
            }
        }

        private void Take(Entry entry, string cause, long sign, Part part)
        {
            if (_explainer._field != StageField && sign * _explainer._ofPart(part, _instant) is var amount && amount != 0)
                Keep(entry, cause, amount, null);
        }

        private void Keep(Entry entry, string cause, long? amount, string? text)
        {
            _count++;
            _sum += amount ?? 0;
            _text = text ?? "";
            if (_limit == 0) return;
            if (_newest.Count == _limit) _newest.Dequeue();
            _newest.Enqueue(new(
                entry.Seq > _journaled ? 0 : entry.Seq, entry.At, entry.OccurredAt, entry.Input.TypeName,
                entry.Input is Input.Tick ? "" : entry.Input.Id, cause, amount, text));
        }
    }

    /// <summary>What came or went as a whole.</summary>
    private static (string Cause, long Sign, Part Part)? PartOf(Effect effect) => effect switch
    {
        Effect.Left left => ("left", -1, left.Part),
        Effect.Joined joined => ("joined", 1, joined.Part),
        Effect.Split split => ("split", -1, split.Goes),
        Effect.Rejoined rejoined => ("rejoined", 1, rejoined.Part),
        _ => null,
    };

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

    private static long FactOf(WindowTotals totals, string fact) => fact switch
    {
        "orders" => totals.Orders,
        "spend_minor" => totals.SpendMinor,
        "units" => totals.Units,
        "returns" => totals.Returns,
        "visits" => totals.Visits,
        "views" => totals.Views,
        "searches" => totals.Searches,
        "discount_minor" => totals.DiscountMinor,
        _ => throw new UnreachableException($"No window has {fact}."),
    };

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
