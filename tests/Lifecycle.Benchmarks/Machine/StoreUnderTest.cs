namespace Lifecycle.Benchmarks.Machine;

/// <summary>A store that a server is started on; gone when it is disposed.</summary>
internal abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>What the server is told.</summary>
    public abstract IEnumerable<string> Arguments { get; }

    /// <summary>The process of the database, which counts with all of its backends; null where there is none.</summary>
    public abstract int? DatabaseProcess { get; }

    /// <summary>Reads beside the server.</summary>
    public abstract Task<Marks> OpenMarksAsync(CancellationToken cancel);

    public abstract ValueTask DisposeAsync();
}

/// <summary>How far a store has come, seen from beside its server.</summary>
internal abstract class Marks : IAsyncDisposable
{
    /// <summary>The position of the last committed entry.</summary>
    public abstract Task<long> ReadHeadAsync(CancellationToken cancel);

    /// <summary>The position up to which every entry is in the table of customers.</summary>
    public abstract Task<long> ReadWatermarkAsync(CancellationToken cancel);

    public abstract ValueTask DisposeAsync();
}

/// <summary>Makes empty stores of one kind, and what they need.</summary>
internal abstract class StoreSource : IAsyncDisposable
{
    /// <summary>As the names of rows begin.</summary>
    public abstract string Key { get; }

    /// <summary>For people.</summary>
    public abstract string Name { get; }

    /// <param name="name">Unique among those of this source.</param>
    public abstract Task<StoreUnderTest> NewAsync(string name, CancellationToken cancel);

    public abstract ValueTask DisposeAsync();
}
