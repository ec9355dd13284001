namespace Lifecycle.Fuzz;

/// <summary>Requests of one operation, their statuses, and how long answers took.</summary>
public sealed class OperationFigures(string name)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, long> _statuses = [];

    /// <summary>By the power of two of the microseconds.</summary>
    private readonly long[] _buckets = new long[40];

    public string Name { get; } = name;

    public long Requests { get; private set; }

    public string Statuses => string.Join(' ', _statuses.Select(s => $"{s.Key}:{s.Value}"));

    public IReadOnlyDictionary<int, long> ByStatus => _statuses;

    /// <summary>The upper bound of the bucket that holds the 99th of 100 answers.</summary>
    public double P99Milliseconds
    {
        get
        {
            var left = Requests - Requests / 100;
            var bucket = 0;
            while (bucket < _buckets.Length - 1 && (left -= _buckets[bucket]) > 0) bucket++;
            return (1L << bucket) / 1_000.0;
        }
    }

    /// <param name="status">0 when the client left before the answer.</param>
    public void Add(int status, TimeSpan took)
    {
        lock (_lock)
        {
            Requests++;
            _statuses[status] = _statuses.GetValueOrDefault(status) + 1;
            var micros = (ulong)Math.Max(1, took.TotalMicroseconds);
            _buckets[Math.Min(_buckets.Length - 1, 64 - System.Numerics.BitOperations.LeadingZeroCount(micros))]++;
        }
    }
}
