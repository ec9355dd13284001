using System.Collections.Immutable;
using System.Diagnostics;

namespace Lifecycle.Engine.Programs;

/// <summary>The documents that come with the product: one to start with, two other ways to cut the lifecycle.</summary>
public static class ShippedPrograms
{
    /// <summary>What an empty installation starts with: growth, silence by each one's rhythm, coming back.</summary>
    public static string Default => Read("retail-default");

    /// <summary>The four-stage retail model: acquisition, growth, maturity, decline.</summary>
    public static string FourStage => Read("four-stage");

    /// <summary>Acquisition, activation, retention, referral, revenue.</summary>
    public static string Aarrr => Read("aarrr");

    /// <summary>The names by which <see cref="Read"/> finds them.</summary>
    public static readonly ImmutableArray<string> Names = ["retail-default", "four-stage", "aarrr"];

    /// <summary>The YAML of the program with this name.</summary>
    /// <exception cref="ArgumentException">There is no such program.</exception>
    public static string Read(string name)
    {
        if (!Names.Contains(name)) throw new ArgumentException($"There is no shipped program '{name}'.", nameof(name));
        using var stream = typeof(ShippedPrograms).Assembly.GetManifestResourceStream($"programs/{name}.yaml")
            ?? throw new UnreachableException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
