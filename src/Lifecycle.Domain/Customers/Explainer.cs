using System.Collections.Frozen;
using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>
/// Which entries make a member of the view, and what they come to. What can be added up is added up from effects
/// alone, without the state: a second opinion on the fold. What lies ahead (the next change, the next review, the next
/// expiry) is read from the state, as nothing has made it yet.
/// </summary>
public sealed partial class Explainer
{
    private static readonly ImmutableArray<FieldRule> Rules = [.. StageRules, .. PointsRules, .. MetricsRules];

    private static readonly FrozenDictionary<string, FieldRule> ByField = Rules.ToFrozenDictionary(rule => rule.Field);

    private readonly FieldRule _rule;

    private Explainer(FieldRule rule) => _rule = rule;

    /// <summary>Every field that can be explained, by its path in the view; <c>n</c> is a place from 0.</summary>
    public static readonly ImmutableArray<string> Fields =
        [.. Rules.Select(rule => rule.Field), .. LotFields, .. WarningFields];

    /// <summary>Null for a field that is not among <see cref="Fields"/>.</summary>
    public static Explainer? For(string field) =>
        ByField.TryGetValue(field, out var rule) || (rule = PlaceRule(field)) is not null ? new(rule) : null;

    /// <summary>Explains from all entries up to the instant.</summary>
    /// <param name="standing">What is explained.</param>
    /// <param name="entries">Of one customer, oldest first.</param>
    /// <param name="due">The ticks that are due but not journaled.</param>
    /// <param name="limit">How many contributions to name, newest first; the sum is of all.</param>
    public Explanation Explain(Standing standing, IEnumerable<Entry> entries, IEnumerable<Entry> due, int limit)
    {
        var explaining = Begin(standing, limit);
        foreach (var entry in entries) explaining.Take(entry);
        foreach (var tick in due) explaining.TakeDue(tick);
        return explaining.Result;
    }

    /// <summary>The same entry by entry: what it keeps does not grow with the history.</summary>
    public Explaining Begin(Standing standing, int limit) => new(_rule, standing, standing.Instant, limit);

    /// <summary>Only the sum of the contributions, whatever state the customer is in.</summary>
    public Explaining BeginSum(Instant instant) => new(_rule, null, instant, 0);

    /// <summary>An explanation under way.</summary>
    public sealed class Explaining
    {
        private readonly FieldRule _rule;
        private readonly Standing? _standing;
        private readonly Instant _instant;
        private readonly int _limit;
        private readonly Queue<Contribution> _newest = [];
        private readonly Dictionary<string, long> _parts = [];
        private OrderMoments _moments = OrderMoments.None;
        private string _text = "";
        private int _count;

        internal Explaining(FieldRule rule, Standing? standing, Instant instant, int limit) =>
            (_rule, _standing, _instant, _limit) = (rule, standing, instant, limit);

        /// <summary>What the contributions so far add up to.</summary>
        public long Sum { get; private set; }

        /// <summary>What the entries so far come to.</summary>
        /// <exception cref="InvalidOperationException">Only the sum was asked for.</exception>
        public Explanation Result
        {
            get
            {
                var standing = _standing ?? throw new InvalidOperationException("A sum alone explains nothing.");
                var come = _rule.Conclude(new(Sum, _text, _parts, _moments, standing));
                return new(
                    _rule.Field, come.Value, come.Text, standing.Settled.Version, _instant, come.Formula, come.Parts,
                    _count + come.Ahead.Length, [.. come.Ahead.Concat(_newest.Reverse()).Take(_limit)]);
            }
        }

        /// <summary>Takes the next entry, oldest first.</summary>
        public void Take(Entry entry) => Take(entry, entry.Effects, entry.Seq);

        /// <summary>Takes what of the next entry counts: see <see cref="LateFacts"/>.</summary>
        public void Take(Entry entry, IEnumerable<Effect> effects) => Take(entry, effects, entry.Seq);

        /// <summary>Takes a tick that is due and that no journal holds yet.</summary>
        public void TakeDue(Entry tick) => Take(tick, tick.Effects, 0);

        private void Take(Entry entry, IEnumerable<Effect> effects, long seq)
        {
            var days = _rule.WindowDays;
            foreach (var effect in effects)
            {
                if (PassageOf(effect) is { } passage)
                {
                    Take(entry, passage, seq);
                    continue;
                }

                if (days > 0 && !Buckets.InWindow(PlacedAt(effect), days, _instant)) continue;
                if (_rule.OfOrders) _moments = After(_moments, effect);
                foreach (var told in _rule.Read(new(entry, effect, _standing))) Add(entry, told, seq);
            }
        }

        private void Take(Entry entry, Passage passage, long seq)
        {
            var (cause, sign, part, whole) = passage;
            if (_rule.OfOrders) _moments = whole?.Moments ?? _moments.With(part.Moments);
            foreach (var told in _rule.OfPart(part, _instant))
                if (told.Amount is not 0) Add(entry, told with { Cause = cause, Amount = sign * told.Amount }, seq);
            foreach (var lot in _rule.OfLots(_standing))
            {
                var name = TextOf(lot.ExpiresAt) ?? "";
                var points = RemainingOf(whole ?? part, lot.ExpiresAt);
                if (whole is not null) points -= _parts.GetValueOrDefault(name);
                if (points != 0) Add(entry, new(cause, points, Part: name), seq);
            }
        }

        private void Add(Entry entry, Told told, long seq)
        {
            _count++;
            if (told.Part is { } part) _parts[part] = _parts.GetValueOrDefault(part) + (told.Amount ?? 0);
            else Sum += told.Amount ?? 0;
            _text = told.Text ?? "";
            if (_limit == 0) return;
            if (_newest.Count == _limit) _newest.Dequeue();
            _newest.Enqueue(new(
                seq, entry.At, entry.OccurredAt, entry.Input.TypeName, entry.Input is Input.Tick ? "" : entry.Input.Id,
                told.Cause, told.Amount, told.Text, told.Part));
        }
    }
}
