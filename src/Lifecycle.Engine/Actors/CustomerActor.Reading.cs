using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Actors;

/// <summary>What readers ask often is kept beside the head.</summary>
public sealed partial class CustomerActor
{
    private volatile Settled? _settled;

    private volatile KnownStatus? _status;

    /// <summary>The committed head, if it is in memory and not in doubt.</summary>
    internal Head? Readable => _doubted || _retired ? null : _committed ?? Wake();

    /// <summary>Null where the kept one is not it.</summary>
    internal KnownStatus? StatusOf(Head head, ProgramSchedule programs, Instant instant) =>
        _status is { } known && known.IsOf(head, programs, instant) ? known : null;

    internal KnownStatus Keep(KnownStatus status) => _status = status;

    /// <summary>
    /// A head with what is due by an instant. The last answer is kept: a customer whose history ended long ago would
    /// otherwise replay years of expiry for every question.
    /// </summary>
    internal SettledState Settle(Head head, ProgramSchedule programs, Instant instant)
    {
        if (_settled is { } known && known.Head == head.Hash && known.Programs == programs &&
            known.State.Serves(instant))
            return known.State;
        var settled = Views.Settle(head.State, programs, instant);
        _settled = new(head.Hash, programs, settled);
        return settled;
    }

    private sealed record Settled(Hash16 Head, ProgramSchedule Programs, SettledState State);
}
