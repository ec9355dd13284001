using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>Entries that a turn has decided and not handed over yet.</summary>
internal sealed class Draft(CustomerKey customer, Head head, Instant now)
{
    /// <summary>The clock, read once for the turn.</summary>
    public Instant Now { get; } = now;

    private readonly List<JournalRow> _rows = [];
    private readonly List<Entry> _entries = [];

    public Head Head { get; private set; } = head;

    public IReadOnlyList<JournalRow> Rows => _rows;

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Ticks run since the last input: a version that a caller knows does not count them.</summary>
    public int TicksAtEnd { get; set; }

    /// <summary>The customer's key and, when this draft made it, its stored form.</summary>
    public byte[]? CustomerSecret { get; set; }
    public NewCustomerSecret? NewSecret { get; set; }

    public Entry Append(
        Input input, Decision.Accepted accepted, Program program, Instant at, bool historical,
        InputIdentity identity)
    {
        var addressed = identity.Addressed == customer ? (Hash16?)null : identity.Addressed.Value;
        var recording = new Recording(RecordedAt, identity.Key, identity.BodyHash, historical, addressed);
        return Append(Decider.Conclude(Head.State, input, accepted, program, at, recording));
    }

    /// <summary>Runs the ticks due by an instant, at most so many; answers whether that was all.</summary>
    public bool RunTicks(ProgramSchedule programs, Instant until, bool historical, int ticksMax)
    {
        for (var i = 0; programs.DueAt(Head.State) <= until; i++)
        {
            if (i == ticksMax) return false;
            Append(Views.DueTick(Head.State, programs, new Recording(RecordedAt, Historical: historical)));
            TicksAtEnd++;
        }

        return true;
    }

    private Instant RecordedAt => Instant.Max(Head.RecordedAt, Now);

    private Entry Append((Entry Entry, CustomerState State) decided)
    {
        var (entry, state) = decided;
        var addressed = entry.Addressed is { } alias ? new CustomerKey(alias) : (CustomerKey?)null;
        var body = EntryCodec.Encode(entry, addressed, SealPrivate(entry));
        var hash = Chain.HashOf(
            Head.Hash, customer, entry.Seq, entry.EventKey, entry.OccurredAt, entry.RecordedAt, entry.At, body);
        _rows.Add(new(
            customer, entry.Seq, entry.EventKey, entry.OccurredAt, entry.RecordedAt, entry.At, Head.Hash, hash, body));
        _entries.Add(entry);
        Head = Head.Append(entry, state, hash, position: 0);
        return entry;
    }

    private ReadOnlySpan<byte> SealPrivate(Entry entry)
    {
        var plain = InputCodec.PrivateOf(entry.Input);
        if (plain.IsEmpty || CustomerSecret is null) return default;
        return CustomerSealer.Seal(CustomerSecret, plain.Span, entry.EventKey!.Value.ToArray());
    }
}
