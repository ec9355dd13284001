using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>A store that a server is started on.</summary>
internal abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>As rows begin.</summary>
    public abstract string Name { get; }

    /// <summary>What the server is told.</summary>
    public abstract IEnumerable<string> Arguments { get; }

    /// <summary>The process of the database, which counts with all of its backends; null where there is none.</summary>
    public abstract int? DatabaseProcess { get; }

    /// <summary>The store to read from beside the server.</summary>
    public abstract Task<IStore> OpenReaderAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>A folder of the embedded store.</summary>
internal sealed class SqliteUnderTest(string folder) : StoreUnderTest
{
    public override string Name => "sqlite";

    public override IEnumerable<string> Arguments => [$"--Lifecycle:Folder={folder}"];

    public override int? DatabaseProcess => null;

    public override async Task<IStore> OpenReaderAsync() => await SqliteStore.OpenReadOnlyAsync(folder);

    public override ValueTask DisposeAsync()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
