using Lifecycle.Domain.Inputs;

namespace Lifecycle.Engine.Ingest;

/// <summary>What an id, a source, a type or an order id may be.</summary>
public static class Ids
{
    /// <summary>What is wrong with it, to follow its name in a sentence; null when nothing is.</summary>
    public static string? Fault(string id)
    {
        if (id.Length > InputLimits.IdMax) return $"must have 1 to {InputLimits.IdMax} characters, it has {id.Length}";
        if (string.IsNullOrWhiteSpace(id)) return "must not be blank";
        foreach (var c in id)
            if (char.IsControl(c)) return $"must not hold control characters, it has U+{(int)c:X4}";
        return null;
    }
}
