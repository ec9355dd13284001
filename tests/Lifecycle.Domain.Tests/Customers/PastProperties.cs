using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Tests.Customers;

/// <summary>What is seen and explained of any instant, by what was known at any other.</summary>
public sealed class PastProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(20);

    public static TheoryData<string> Names => ["default", "quick", "restless"];

    private static Program Named(string name) => name switch
    {
        "default" => Retail.Default,
        "quick" => Retail.Quick,
        _ => Retail.Restless,
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void What_explains_a_member_of_the_view_comes_to_it_at_every_instant(string program) =>
        Prop.ForAll(Step.Histories(25), Randoms, (steps, random) =>
        {
            var journey = Step.Play(new(Named(program)), steps);
            var last = journey.State.At;
            Instant[] instants =
                [last, last.PlusDays(random % 900), Between(journey, random, 3), Between(journey, random, 7)];
            foreach (var instant in instants)
                foreach (var knownAt in new[] { Instant.Never, instant, Between(journey, random, 11) })
                    if (Past.Of(journey, instant, knownAt) is { } past) ExplainAll(past);
        }).Check(Many);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_past_counts_what_had_occurred_and_decides_what_was_decided(string program) =>
        Prop.ForAll(Step.Histories(25), Randoms, (steps, random) =>
        {
            var journey = Step.Play(new(Named(program)), steps);
            var instant = Between(journey, random, 3);
            if (Past.Of(journey, instant, Instant.Never) is not { } past) return;
            var then = Past.Of(journey, instant, instant)!;
            Assert.Equal(Decided(then.View), Decided(past.View));

            var facts = journey.Entries.Where(entry => entry.At <= instant || entry.OccurredAt <= instant).ToList();
            Assert.Equal(
                facts.Sum(entry => entry.Effects.OfType<Effect.ReturnCounted>().Count()),
                past.View.Metrics.Windows[^1].Totals.Returns);
            var orders = facts.SelectMany(entry => entry.Effects).OfType<Effect.OrderCounted>().Count(o => o.Counts);
            var lifetime = past.View.Metrics.Windows[^1].Totals;
            Assert.InRange(lifetime.Orders, 0, orders);
            Assert.InRange(lifetime.SpendMinor, 0, long.MaxValue);
            if (journey.All<Effect.ReturnMatched>().Any()) return;
            Assert.Equal(orders, lifetime.Orders);
            Assert.Equal(
                facts.SelectMany(entry => entry.Effects).OfType<Effect.OrderCounted>().Where(o => o.Counts)
                    .Sum(order => order.NetMinor),
                lifetime.SpendMinor);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static string Decided(CustomerView view) => Seen.Text(view with
    {
        Metrics = null!, Warnings = [],
    });

    private static void ExplainAll(Past past)
    {
        foreach (var pattern in Explainer.Fields)
        {
            foreach (var field in pattern.Contains("[n]", StringComparison.Ordinal)
                ? new[] { pattern.Replace("[n]", "[0]", StringComparison.Ordinal),
                    pattern.Replace("[n]", "[1]", StringComparison.Ordinal) }
                : [pattern])
            {
                var found = past.Explain(field, 5);
                var seen = Seen.Member(past.View, field);
                Assert.True(
                    seen == (found.Value, found.Text),
                    $"{field} at {past.Instant}: {seen} is explained as {(found.Value, found.Text)}");
                Assert.InRange(found.Contributions.Length, Math.Min(found.Count, 5), 5);
            }
        }
    }

    /// <summary>An instant between the first entry and the last.</summary>
    private static Instant Between(Journey journey, int random, int salt)
    {
        if (journey.Entries.Count == 0) return Sample.Start;
        var entry = journey.Entries[random / salt % journey.Entries.Count];
        return entry.At.Plus(Math.Min(random % 3_600 * 1_000_000L, journey.State.At - entry.At));
    }

    private static Arbitrary<int> Randoms => Gen.Choose(0, int.MaxValue).ToArbitrary();

    /// <summary>A journey as of an instant, by the entries recorded until another.</summary>
    private sealed record Past(
        Journey Journey, CustomerState State, CustomerState Facts, IReadOnlyList<Entry> Known, Instant Instant)
    {
        public static Past? Of(Journey journey, Instant instant, Instant knownAt)
        {
            var known = journey.Entries.TakeWhile(entry => entry.RecordedAt <= knownAt).ToList();
            var decided = known.TakeWhile(entry => entry.At <= instant).ToList();
            if (decided.Count == 0) return null;
            var state = decided.Aggregate(CustomerState.Empty, Evolver.Evolve);
            var late = new LateFacts(state.Seq, instant);
            var facts = known.Skip(decided.Count).Aggregate(
                state, (sofar, entry) => Evolver.Restate(sofar, entry.Seq, late.Of(entry), instant));
            return new(journey, state, facts, known, instant);
        }

        public CustomerView View => Views.At(Settled, Facts, Instant);

        private SettledState Settled => Views.Settle(State, Journey.Programs, Instant);

        public Explanation Explain(string field, int limit)
        {
            var late = new LateFacts(State.Seq, Instant);
            var explaining = Explainer.For(field)!.Begin(new(Settled, Facts, Journey.Programs, Instant), limit);
            foreach (var entry in Known)
                explaining.Take(entry, entry.Seq <= State.Seq ? entry.Effects : late.Of(entry));
            foreach (var due in Views.Roll(State, Journey.Programs, Instant).Ticks) explaining.TakeDue(due);
            return explaining.Result;
        }
    }
}
