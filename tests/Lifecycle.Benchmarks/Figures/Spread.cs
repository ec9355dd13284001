namespace Lifecycle.Benchmarks.Figures;

/// <summary>The middle of some runs and how far they lie apart.</summary>
internal readonly record struct Spread(double Median, double Low, double High)
{
    /// <exception cref="ArgumentException">There is no run.</exception>
    public static Spread Of(IReadOnlyCollection<double> runs)
    {
        if (runs.Count == 0) throw new ArgumentException("A spread needs a run.", nameof(runs));
        var sorted = runs.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new(median, sorted[0], sorted[^1]);
    }
}
