namespace Lifecycle.Tests.Shared;

/// <summary>The server ended before it listened.</summary>
internal sealed class StartFailedException(string name, int exitCode, string output)
    : Exception($"{name} ended with {exitCode} at its start: {output}")
{
    public int ExitCode { get; } = exitCode;

    public string Output { get; } = output;
}
