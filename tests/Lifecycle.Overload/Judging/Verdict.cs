namespace Lifecycle.Overload.Judging;

/// <summary>What a scenario found: figures, and what held or did not.</summary>
internal sealed class Verdict(string name, TextWriter output)
{
    private readonly List<string> _failures = [];

    public string Name { get; } = name;

    /// <summary>What did not hold.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>For the reader; it is not judged.</summary>
    public void Say(FormattableString figure) => output.WriteLine($"  {FormattableString.Invariant(figure)}");

    /// <param name="what">What must hold, with the figures.</param>
    public void Judge(bool holds, FormattableString what)
    {
        var text = FormattableString.Invariant(what);
        output.WriteLine($"  {(holds ? "holds" : "FAILS")}  {text}");
        if (!holds) _failures.Add($"{Name}: {text}");
    }
}
