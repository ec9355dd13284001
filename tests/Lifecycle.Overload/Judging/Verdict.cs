namespace Lifecycle.Overload.Judging;

/// <summary>What a scenario found: figures, and what held or did not.</summary>
internal sealed class Verdict(string name, TextWriter output)
{
    private readonly List<string> _failures = [];

    public string Name { get; } = name;

    /// <summary>What did not hold.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>For the reader; it is not judged.</summary>
    public void Say(string figure) => output.WriteLine($"  {figure}");

    /// <param name="what">What must hold, with the figures.</param>
    public void Judge(bool holds, string what)
    {
        output.WriteLine($"  {(holds ? "holds" : "FAILS")}  {what}");
        if (!holds) _failures.Add($"{Name}: {what}");
    }
}
