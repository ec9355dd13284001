namespace Lifecycle.Engine;

/// <summary>Whether this process can decide and answer now.</summary>
public interface IReadiness
{
    /// <summary>For an operator: what is in the way; empty when nothing is.</summary>
    IReadOnlyList<string> Problems { get; }
}
