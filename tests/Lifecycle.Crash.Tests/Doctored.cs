using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Tests;

/// <summary>
/// A small history that is right: what was sent, what was told, and the journal of it; a test makes it wrong.
/// </summary>
internal sealed class Doctored
{
    private readonly List<(SentInput Input, Told Told)> _sent = [];

    public Doctored()
    {
        Ledger = new(Faults);
        Sightings = new(Faults);
        Add(new(new("ann", "crash", "e-1"), InputKind.Order, 100, "o-1"), new(0, 100, 0));
        Add(new(new("ann", "command", "e-2"), InputKind.Adjust, 50), new(50, 100, 0));
        Add(new(new("bob", "crash", "e-3"), InputKind.Visit, 0), default(Balances));
        Add(new(new("ann", "crash", "e-4"), InputKind.Return, 30, "o-1"), new(50, 70, 0));
        Add(new(new("ann", "command", "e-5"), InputKind.Redeem, 80), null);
        Add(new(new("ann", "command", "e-6"), InputKind.Redeem, 20), new(30, 70, 0));
    }

    public Faults Faults { get; } = new();

    public Ledger Ledger { get; }

    public Sightings Sightings { get; }

    public List<JournalEntry> Journal { get; } = [];

    public SentInput Input(int number) => _sent[number - 1].Input;

    public Told Told(int number) => _sent[number - 1].Told;

    /// <summary>Everything is sent and told, once and in order, then the journal is read.</summary>
    public IReadOnlyList<string> Judge()
    {
        foreach (var (input, told) in _sent)
        {
            Ledger.Sending(input);
            Ledger.Take(input, told, repeated: false);
            if (told.After is { } after) Sightings.See(input.Key.Customer, told.Version, after, "a receipt");
        }

        return Compare();
    }

    /// <summary>The journal against what was told.</summary>
    public IReadOnlyList<string> Compare()
    {
        var audit = new Audit(Ledger, Sightings, Faults);
        var (told, seen) = audit.Expect();
        foreach (var entry in Journal) audit.Take(entry);
        audit.Compare(told, seen);
        return Faults.Shown;
    }

    /// <summary>Positions and seqs as they have to be, whatever entries there are.</summary>
    public void Number()
    {
        var seqs = new Dictionary<string, long>();
        for (var i = 0; i < Journal.Count; i++)
        {
            var seq = seqs[Journal[i].Customer] = seqs.GetValueOrDefault(Journal[i].Customer) + 1;
            Journal[i] = Journal[i] with { Position = i + 1, Seq = seq };
        }
    }

    private void Add(SentInput input, Balances? after)
    {
        var seq = Journal.Count(entry => entry.Customer == input.Key.Customer) + 1;
        _sent.Add((input, new(seq, after)));
        var before = Journal.LastOrDefault(entry => entry.Customer == input.Key.Customer)?.After ?? default;
        Journal.Add(new(
            Journal.Count + 1, input.Key.Customer, seq, input.Key.Source, input.Key.Id, input.Kind, input.Points,
            after is null, after ?? before));
    }
}
