using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Overload.Load;

/// <summary>Counts what became of the requests of a stream.</summary>
internal sealed class Tally(LoadStream stream, double[] phaseSeconds)
{
    private readonly Lock _gate = new();
    private readonly Phase[] _phases = [.. phaseSeconds.Select(seconds => new Phase(seconds))];
    private readonly List<Second> _seconds = [];
    private readonly List<byte> _outcomes = [];
    private int _retryAfterMin = int.MaxValue;
    private int _retryAfterMax;

    /// <param name="index">Which request of the stream.</param>
    /// <param name="due">From the start of the plan.</param>
    /// <param name="took">From the instant it was due.</param>
    public void Add(long index, TimeSpan due, TimeSpan took, Outcome outcome, int? retryAfter)
    {
        lock (_gate)
        {
            while (_outcomes.Count <= index) _outcomes.Add((byte)Outcome.Unsent);
            _outcomes[(int)index] = (byte)outcome;
            var phase = PhaseAt(due);
            phase.Outcomes[outcome] = phase.Outcomes.GetValueOrDefault(outcome) + 1;
            while (_seconds.Count <= (int)due.TotalSeconds) _seconds.Add(new());
            var second = _seconds[(int)due.TotalSeconds];
            if (outcome == Outcome.Accepted)
            {
                phase.Accepted.Record(took);
                second.Accepted++;
                second.Worst = took > second.Worst ? took : second.Worst;
                return;
            }

            second.NotAccepted++;
            if (outcome != Outcome.Refused || retryAfter is not { } asked) return;
            phase.Refused.Record(took);
            _retryAfterMin = Math.Min(_retryAfterMin, asked);
            _retryAfterMax = Math.Max(_retryAfterMax, asked);
        }
    }

    public StreamResult End(string file)
    {
        lock (_gate)
        {
            File.WriteAllBytes(file, [.. _outcomes]);
            return new(
                stream.Name, [.. _phases.Select(phase => phase.End())],
                [.. _seconds.Select(s => new SecondResult(s.Accepted, s.NotAccepted, s.Worst.TotalMilliseconds))],
                _retryAfterMax == 0 ? 0 : _retryAfterMin, _retryAfterMax);
        }
    }

    private Phase PhaseAt(TimeSpan due)
    {
        var left = due.TotalSeconds;
        foreach (var phase in _phases)
            if ((left -= phase.Seconds) < 0) return phase;
        return _phases[^1];
    }

    private sealed class Phase(double seconds)
    {
        public double Seconds { get; } = seconds;

        public Dictionary<Outcome, long> Outcomes { get; } = [];

        public LatencyHistogram Accepted { get; } = new();

        public LatencyHistogram Refused { get; } = new();

        public PhaseResult End() => new(
            Seconds, Outcomes, Accepted.Percentile(0.5).TotalMilliseconds, Accepted.Percentile(0.99).TotalMilliseconds,
            Accepted.Percentile(1).TotalMilliseconds, Refused.Percentile(0.99).TotalMilliseconds);
    }

    private sealed class Second
    {
        public long Accepted { get; set; }

        public long NotAccepted { get; set; }

        public TimeSpan Worst { get; set; }
    }
}
