namespace Lifecycle.Web.Segment;

/// <summary>
/// Pairs of ids that need no look any more: linked by this process, or found to stay apart. Bounded: of two
/// generations the older is forgotten, which costs one look for each pair of it that comes again.
/// </summary>
internal sealed class SettledPairs(int max)
{
    private readonly Lock _lock = new();
    private HashSet<IdPair> _young = [];
    private HashSet<IdPair> _old = [];

    public bool Contains(IdPair pair)
    {
        lock (_lock)
        {
            if (_young.Contains(pair)) return true;
            if (!_old.Contains(pair)) return false;
        }

        Add(pair);
        return true;
    }

    public void Add(IdPair pair)
    {
        lock (_lock)
        {
            if (_young.Count >= Math.Max(1, max / 2)) (_old, _young) = (_young, []);
            _young.Add(pair);
        }
    }
}
