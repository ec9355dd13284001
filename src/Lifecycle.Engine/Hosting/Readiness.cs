namespace Lifecycle.Engine.Hosting;

/// <summary>The process may be sent traffic: it may answer, and what it takes can be written.</summary>
/// <remarks>Reading goes on while the journal cannot be written, for whoever asks all the same.</remarks>
public sealed class Readiness(Gate gate, Writability writability, ProgramBook programs) : IReadiness
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Problems
    {
        get
        {
            var problems = gate.Problems;
            if (writability.Problem is { } problem) problems = [.. problems, problem];
            return programs.IsCertain ? problems : [.. problems, Uncertain];
        }
    }

    private const string Uncertain =
        "It is not known which program rules now: the list cannot be read, or this machine's clock is ahead of the " +
        "database's.";
}
