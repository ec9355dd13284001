namespace Lifecycle.Benchmarks.Figures;

/// <summary>Something that is measured again in each round.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="Unit">Of its figure, such as <c>events/s</c>.</param>
/// <param name="MeasureAsync">One round; it takes about the time it is given.</param>
internal sealed record Contender(string Name, string Unit, Func<TimeSpan, CancellationToken, Task<Sample>> MeasureAsync)
{
    /// <summary>Fewer rounds than the others, for what takes long or cannot vary; 0 for as many.</summary>
    public int RoundsMax { get; init; }

    /// <summary>The share of a round's time that it takes.</summary>
    public double TimeShare { get; init; } = 1;

    /// <summary>Whether a first, short round is thrown away.</summary>
    public bool WarmsUp { get; init; } = true;
}

/// <summary>What a figure is held against.</summary>
/// <param name="Target">What is to be reached; null where nothing was set.</param>
internal sealed record Comparison(Contender Baseline, Target? Target = null);

/// <summary>One line of the table, or one for each of its baselines.</summary>
/// <param name="Name">What <c>--only</c> chooses by.</param>
/// <param name="Comparisons">May be empty.</param>
internal sealed record Row(string Name, string What, Contender Ours, params IReadOnlyList<Comparison> Comparisons)
{
    /// <summary>
    /// Rows of one phase take turns; those of the next begin when it is through. For what changes the state of others.
    /// </summary>
    public int Phase { get; init; }

    /// <summary>Whether a quick run has it too.</summary>
    public bool IsQuick { get; init; } = true;

    /// <summary>A target for the figure itself.</summary>
    public Target? Target { get; init; }
}
