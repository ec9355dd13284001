namespace Lifecycle.Analytics.Rfm;

/// <summary>
/// Scores 1 to 5 by fifths of a population. The edge of the i-th fifth of n sorted values lies at position (n − 1)·i/5,
/// between two neighbours in proportion (linear interpolation: Hyndman and Fan 1996, type 7). Fifths are closed on the
/// right: a value that equals an edge belongs to the lower one.
/// </summary>
public sealed class Quintiles
{
    private const int Fifths = 5;

    /// <summary>Five times each inner edge: whole numbers, so that no comparison depends on rounding.</summary>
    private readonly Int128[] _edgesTimesFive = new Int128[Fifths - 1];

    /// <param name="values">The population, in any order; it is not kept. Nobody has a score in an empty one.</param>
    public Quintiles(IEnumerable<long> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) return;
        for (var i = 1; i < Fifths; i++)
        {
            var (below, part) = Math.DivRem((sorted.Length - 1L) * i, Fifths);
            var low = (Int128)sorted[below];
            var high = part == 0 ? low : sorted[below + 1];
            _edgesTimesFive[i - 1] = (low * Fifths) + ((high - low) * part);
        }
    }

    /// <summary>1 for the lowest fifth to 5 for the highest.</summary>
    public int ScoreOf(long value)
    {
        var score = 1;
        foreach (var edge in _edgesTimesFive)
            if ((Int128)value * Fifths > edge) score++;
        return score;
    }
}
