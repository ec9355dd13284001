using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Tests.Support;

/// <summary>
/// One customer, driven as the actor drives them: due ticks first, then recall, decide, journal, fold. Every entry's
/// state has its books checked.
/// </summary>
public sealed class Journey(ProgramSchedule programs)
{
    private readonly List<Entry> _entries = [];

    public Journey(Program program)
        : this(new ProgramSchedule([new(program, Instant.Earliest)]))
    {
    }

    public ProgramSchedule Programs { get; } = programs;

    public CustomerState State { get; private set; } = CustomerState.Empty;

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>When the next tick is due.</summary>
    public Instant DueAt => Programs.DueAt(State);

    /// <summary>The effects of the last entry.</summary>
    public ImmutableArray<Effect> Effects => _entries[^1].Effects;

    public string Stage => State.Stage;

    /// <summary>Applies an input that must be accepted, and answers its entry.</summary>
    public Entry Take(Input input, Instant? at = null)
    {
        Assert.IsType<Decision.Accepted>(Apply(input, at));
        return _entries[^1];
    }

    /// <summary>Applies an input that must be refused, and answers the code; nothing moves.</summary>
    public string Refuse(Input input, Instant? at = null)
    {
        Pass(Instant.Max(State.At, at ?? input.OccurredAt));
        var before = (State.Balances, State.Stage, State.Lifetime);
        var refused = Assert.IsType<Decision.Refused>(Apply(input, at));
        Assert.Equal(before, (State.Balances, State.Stage, State.Lifetime));
        return refused.Code;
    }

    /// <summary>At the input's own time, or where the customer is already when that is later.</summary>
    public Decision Apply(Input input, Instant? at = null)
    {
        var instant = Instant.Max(State.At, at ?? input.OccurredAt);
        Pass(instant);
        var program = Programs.At(instant);
        var decision = Decider.Decide(State, input, Recall(Decider.Needs(State, input)), program, instant);
        if (decision is Decision.Accepted accepted)
            Journal(Decider.EntryOf(State, input, accepted.Effects, program, instant));
        else if (decision is Decision.Refused refused && input is not Input.Event && State.Seq > 0)
            Journal(Decider.EntryOf(
                State, input, [new Effect.Refused(refused.Code, refused.Detail)], program, instant));
        return decision;
    }

    /// <summary>Journals the ticks that are due by an instant.</summary>
    public void Pass(Instant until)
    {
        while (DueAt <= until)
        {
            var due = DueAt;
            Journal(Views.DueTick(State, Programs).Tick);
            Assert.True(DueAt > due, $"The tick at {due} leaves the next one due at {DueAt}.");
        }
    }

    public CustomerView View(Instant instant) => Views.At(State, Programs, instant);

    /// <summary>Points that can be spent at an instant.</summary>
    public long Available(Instant instant) => View(instant).Points.Available;

    public WindowTotals Window(string name, Instant instant) =>
        View(instant).Metrics.Windows.Single(window => window.Name == name).Totals;

    public IEnumerable<T> All<T>()
        where T : Effect => _entries.SelectMany(entry => entry.Effects).OfType<T>();

    private void Journal(Entry entry)
    {
        _entries.Add(entry);
        State = Evolver.Evolve(State, entry);
        Books.Check(State);
        Assert.Equal(entry.After.Available, State.Balances.Of(Domain.Points.Account.Available));
    }

    private ImmutableArray<Entry> Recall(Needs needs) =>
        [.. _entries.Where(entry => needs.Seqs.Contains(entry.Seq) || (needs.Order is { } key && IsOf(entry, key)))];

    private static bool IsOf(Entry entry, OrderKey key) => entry.Effects.Any(effect => effect switch
    {
        Effect.OrderCounted placed => placed.Order == key,
        Effect.ReturnMatched returned => returned.Order == key,
        _ => false,
    });
}
