namespace Lifecycle.Benchmarks.Figures;

/// <summary>
/// Rows that share what has to be made ready for them, such as a server with customers in it. Their contenders take
/// turns: ours, baseline, ours, baseline.
/// </summary>
internal abstract class Stage : IAsyncDisposable
{
    /// <summary>Known before anything is prepared, so that rows can be listed and chosen.</summary>
    public abstract IReadOnlyList<Row> Rows { get; }

    /// <summary>Makes ready what the rows need.</summary>
    /// <param name="rows">Those that were chosen.</param>
    public abstract Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel);

    /// <summary>Ends and deletes all that was made.</summary>
    public abstract ValueTask DisposeAsync();
}
