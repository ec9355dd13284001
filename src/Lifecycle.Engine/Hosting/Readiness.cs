namespace Lifecycle.Engine.Hosting;

/// <summary>The process may be sent traffic: it may answer, and what it takes can be written.</summary>
/// <remarks>Reading goes on while the journal cannot be written, for whoever asks all the same.</remarks>
public sealed class Readiness(Gate gate, Writability writability) : IReadiness
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Problems =>
        writability.Problem is { } problem ? [.. gate.Problems, problem] : gate.Problems;
}
