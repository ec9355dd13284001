using Lifecycle.Engine.Codec;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// A customer whom nobody uses rests as one array of bytes instead of a tree of objects, until the next use.
/// </summary>
public sealed partial class CustomerActor
{
    // Guarded by the actor itself. While it is there, it is the committed head, and there is neither _committed nor
    // _head; whoever wakes the customer sets both before anybody can build on one of them.
    private byte[]? _packed;

    /// <summary>Nothing that it has in memory is of use any more.</summary>
    internal bool IsDoubted => _doubted;

    internal bool IsPacked => Volatile.Read(ref _packed) is not null;

    /// <summary>
    /// Rests if nobody uses it, nothing is being written and nothing is in doubt. What is kept beside the head goes in
    /// any case: it is made again when it is asked for.
    /// </summary>
    internal void TryRest()
    {
        lock (this)
        {
            if (_users > 0 || _inFlight is not null || _retired || _doubted) return;
            if (_activation is { Poisoned: true }) return;
            (_settled, _status, _seen, _activation) = (null, null, null, null);
            if (_committed is not { } head || !ReferenceEquals(head, _head)) return;
            _packed = SnapshotCodec.Pack(head);
            (_head, _committed) = (null, null);
            // Whoever brings the first entry of a history brings the id along.
            _id = "";
        }
    }

    /// <summary>The committed head, if it is in memory; it is in object form from here on.</summary>
    private Head? Wake()
    {
        lock (this)
        {
            if (_packed is not { } packed) return _committed;
            var head = SnapshotCodec.Unpack(packed);
            (_head, _committed, _packed) = (head, head, null);
            return head;
        }
    }

    /// <summary>The committed head of one who rests, and goes on resting.</summary>
    private Head? Peek()
    {
        lock (this) return _packed is { } packed ? SnapshotCodec.Unpack(packed) : _committed;
    }
}
