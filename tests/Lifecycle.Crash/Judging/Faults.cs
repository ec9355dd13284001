namespace Lifecycle.Crash.Judging;

/// <summary>What is wrong, a sentence each.</summary>
public sealed class Faults
{
    /// <summary>One lost commit is seen by hundreds of readers.</summary>
    private const int ShownMax = 40;

    private readonly Lock _lock = new();
    private readonly List<string> _shown = [];
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public IReadOnlyList<string> Shown
    {
        get
        {
            lock (_lock) return [.. _shown];
        }
    }

    public void Add(string fault)
    {
        Interlocked.Increment(ref _count);
        lock (_lock)
            if (_shown.Count < ShownMax) _shown.Add(fault);
    }
}
