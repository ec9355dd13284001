using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// More of the last keys than a head remembers, for a customer who is sent many inputs at once: these come out of
/// order, and whichever happened before one that the head has forgotten would cost a look-up.
/// </summary>
/// <remarks>
/// It grows while inputs come whose like it has forgotten. Half of a key is kept: one that is here may have been seen,
/// and is looked up.
/// </remarks>
internal sealed class SeenKeys
{
    private const int LengthMin = 64;

    /// <summary>16 kB: a second of a customer with a thousand inputs a second.</summary>
    private const int LengthMax = 1024;

    private ulong[] _keys = new ulong[LengthMin];
    private Instant[] _occurredAt = new Instant[LengthMin];
    private int _count;
    private int _next;
    private Instant _forgottenUntil;

    /// <param name="recent">What the head remembers now; each later input is to be added.</param>
    public SeenKeys(RecentKeys recent)
    {
        _forgottenUntil = recent.EvictedUntil;
        foreach (var key in recent.Keys) Add(key.Key, key.OccurredAt);
    }

    /// <summary>An input that is not here and happened then can have been seen before.</summary>
    public bool MayHaveForgotten(Instant occurredAt) => occurredAt <= _forgottenUntil;

    public bool Has(Hash16 key) => _keys.AsSpan(0, _count).Contains(key.Low);

    public void Add(Hash16 key, Instant occurredAt)
    {
        if (_count == _keys.Length) _forgottenUntil = Instant.Max(_forgottenUntil, _occurredAt[_next]);
        else _count++;
        (_keys[_next], _occurredAt[_next]) = (key.Low, occurredAt);
        _next = (_next + 1) % _keys.Length;
    }

    /// <summary>One was looked up in vain.</summary>
    public void Grow()
    {
        if (_keys.Length == LengthMax || _count < _keys.Length) return;
        // Oldest first, so that the next place is the free one.
        _keys = Doubled(_keys);
        _occurredAt = Doubled(_occurredAt);
        _next = _count;
    }

    private T[] Doubled<T>(T[] ring) => [.. ring.AsSpan(_next), .. ring.AsSpan(0, _next), .. new T[ring.Length]];
}
