namespace Lifecycle.Engine.Projection;

/// <summary>
/// Up to where everything that this process committed is known here, while several commits are under way at once.
/// </summary>
/// <remarks>
/// Positions are given in the order of the commits. So what a commit will write stands above everything that was known
/// to be committed when it began: that is its floor.
/// </remarks>
internal sealed class CommitFloors
{
    private readonly Dictionary<int, long> _floors = [];
    private long _known;

    /// <summary>Every entry of this process up to here is known.</summary>
    public long Position
    {
        get
        {
            var position = _known;
            foreach (var (_, floor) in _floors) position = Math.Min(position, floor);
            return position;
        }
    }

    public void Begin(int lane) => _floors[lane] = _known;

    /// <summary>What the lane committed is known: from one position to another; 0 when it was nothing.</summary>
    /// <returns>Whether it stands where something stood before: then the journal was put back.</returns>
    public bool End(int lane, long first, long position)
    {
        _floors.Remove(lane, out var floor);
        Reach(position);
        return position > 0 && first <= floor;
    }

    /// <summary>Nobody knows whether the lane committed: it may have, anywhere above the answered position.</summary>
    public long Abandon(int lane) => _floors.Remove(lane, out var floor) ? floor : _known;

    /// <summary>Everything up to here is committed, by whomever.</summary>
    public void Reach(long position) => _known = Math.Max(_known, position);
}
