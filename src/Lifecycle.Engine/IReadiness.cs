namespace Lifecycle.Engine;

/// <summary>Whether the process may be sent traffic.</summary>
public interface IReadiness
{
    /// <summary>Why not, one sentence each, for an operator; empty when it may.</summary>
    IReadOnlyList<string> Problems { get; }
}
