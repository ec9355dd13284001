namespace Lifecycle.Cli;

/// <summary>What a script learns from a command.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The command was understood and could not be done, or found something wrong.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense; nothing was tried.</summary>
    public const int WrongUsage = 2;
}

/// <summary>A command cannot be done. The message says why, and what to do.</summary>
internal class CommandFailedException(string message, Exception? inner = null) : Exception(message, inner)
{
    public virtual int ExitCode => ExitCodes.Failed;
}

/// <summary>What the command line says makes no sense, which showed only when it was looked at closely.</summary>
internal sealed class WrongUsageException(string message) : CommandFailedException(message)
{
    public override int ExitCode => ExitCodes.WrongUsage;
}
