namespace Lifecycle.Benchmarks.Load;

/// <summary>
/// Draws 0 to count − 1, k with a weight of 1/(k+1)^s, in constant time by Walker's alias method (1977, in the form of
/// Vose 1991): a search in a table of sums would cost as much as the rest of an event.
/// </summary>
internal sealed class ZipfSampler
{
    private readonly double[] _keep;
    private readonly int[] _alias;

    /// <param name="count">How many there are, at least 1.</param>
    /// <param name="s">The exponent; 0 is uniform.</param>
    public ZipfSampler(int count, double s)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _keep = new double[count];
        _alias = new int[count];
        var sum = 0.0;
        for (var k = 0; k < count; k++) sum += _keep[k] = Math.Pow(k + 1, -s);
        // Each column is to hold 1: what is short of it is filled up from one that has more.
        var (small, large) = (new Stack<int>(), new Stack<int>());
        for (var k = 0; k < count; k++)
        {
            _keep[k] *= count / sum;
            (_keep[k] < 1 ? small : large).Push(k);
        }

        while (small.TryPop(out var little) && large.TryPop(out var much))
        {
            _alias[little] = much;
            _keep[much] -= 1 - _keep[little];
            (_keep[much] < 1 ? small : large).Push(much);
        }

        // Rounding may leave some in either; they are full.
        foreach (var k in small.Concat(large)) _keep[k] = 1;
    }

    public int Next(Random random)
    {
        var column = random.Next(_keep.Length);
        return random.NextDouble() < _keep[column] ? column : _alias[column];
    }
}
