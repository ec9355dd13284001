namespace Lifecycle.Crash.Judging;

/// <summary>
/// What was sent and what the server said of each input. Whoever sends an input sends it to one server at a time.
/// </summary>
/// <param name="faults">What is wrong.</param>
/// <param name="isRepeatedInside">
/// A front repeats what it sent to a process that was lost: an input that was sent once may be known already.
/// </param>
public sealed class Ledger(Faults faults, bool isRepeatedInside = false)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<InputKey, Line> _lines = [];
    private readonly List<SentInput> _acknowledged = [];

    public long Sent { get; private set; }

    public long Retried { get; private set; }

    public long Duplicates { get; private set; }

    public long Refusals { get; private set; }

    public long Acknowledged
    {
        get
        {
            lock (_lock) return _acknowledged.Count;
        }
    }

    /// <summary>Sent, and nobody was ever told what became of them.</summary>
    public long Unknown
    {
        get
        {
            lock (_lock) return _lines.Count - _acknowledged.Count;
        }
    }

    /// <summary>Before each time it is sent.</summary>
    public void Sending(SentInput input)
    {
        lock (_lock)
        {
            if (!_lines.TryGetValue(input.Key, out var line)) _lines.Add(input.Key, line = new(input));
            if (line.Sends++ == 0) Sent++;
            else Retried++;
        }
    }

    /// <summary>An answer: the same each time, and no duplicate of what was sent once.</summary>
    /// <param name="repeated">The server says that it knew the input already.</param>
    public void Take(SentInput input, Told told, bool repeated)
    {
        lock (_lock)
        {
            var line = _lines[input.Key];
            if (repeated) Duplicates++;
            if (repeated && line.Sends == 1 && !isRepeatedInside)
                faults.Add($"{Name(input)} was sent once and answered as known already.");
            if (line.Told is { } earlier)
            {
                if (!repeated) faults.Add($"{Name(input)} was acknowledged before and is answered as new.");
                if (earlier != told) faults.Add($"{Name(input)} was answered with {earlier}, and now with {told}.");
                return;
            }

            line.Told = told;
            if (told.IsRefusal) Refusals++;
            _acknowledged.Add(input);
        }
    }

    /// <summary>Null when nobody sent it.</summary>
    public SentInput? Find(InputKey key)
    {
        lock (_lock) return _lines.GetValueOrDefault(key)?.Input;
    }

    /// <summary>The acknowledged inputs from one on, in the order of their answers.</summary>
    public IReadOnlyList<(SentInput Input, Told Told)> ReadAcknowledged(int from)
    {
        lock (_lock) return [.. _acknowledged.Skip(from).Select(input => (input, _lines[input.Key].Told!))];
    }

    internal static string Name(SentInput input) =>
        $"{input.Kind} {input.Key.Source}/{input.Key.Id} of {input.Key.Customer}";

    private sealed class Line(SentInput input)
    {
        public SentInput Input { get; } = input;

        public int Sends { get; set; }

        public Told? Told { get; set; }
    }
}
