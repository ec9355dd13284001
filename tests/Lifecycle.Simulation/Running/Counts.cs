namespace Lifecycle.Simulation.Running;

/// <summary>How often what happened.</summary>
public sealed class Counts
{
    public SortedDictionary<string, long> Faults { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Effects { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Answers { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Operations { get; } = new(StringComparer.Ordinal);

    public long Entries { get; set; }

    public void Fault(string name) => Add(Faults, name, 1);

    public void Effect(string name) => Add(Effects, name, 1);

    public void Answer(string name) => Add(Answers, name, 1);

    public void Operation(string name) => Add(Operations, name, 1);

    public long OperationsInAll => Operations.Values.Sum();

    public void Add(Counts other)
    {
        foreach (var (name, count) in other.Faults) Add(Faults, name, count);
        foreach (var (name, count) in other.Effects) Add(Effects, name, count);
        foreach (var (name, count) in other.Answers) Add(Answers, name, count);
        foreach (var (name, count) in other.Operations) Add(Operations, name, count);
        Entries += other.Entries;
    }

    private static void Add(SortedDictionary<string, long> counts, string name, long count) =>
        counts[name] = counts.GetValueOrDefault(name) + count;
}
