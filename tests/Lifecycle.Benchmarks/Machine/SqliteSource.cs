using Lifecycle.Engine.Sqlite;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>Folders of the embedded store.</summary>
/// <param name="parent">Made when it is missing, deleted at the end.</param>
internal sealed class SqliteSource(string parent) : StoreSource
{
    public override string Key => "sqlite";

    public override string Name => "SQLite";

    /// <summary>Where the store of this name is.</summary>
    public string FolderOf(string name) => Path.Combine(parent, name);

    public override Task<StoreUnderTest> NewAsync(string name, CancellationToken cancel)
    {
        Directory.CreateDirectory(parent);
        return Task.FromResult<StoreUnderTest>(new SqliteUnderTest(FolderOf(name)));
    }

    public override ValueTask DisposeAsync()
    {
        if (Directory.Exists(parent)) Directory.Delete(parent, recursive: true);
        return ValueTask.CompletedTask;
    }

    private sealed class SqliteUnderTest(string folder) : StoreUnderTest
    {
        public override IEnumerable<string> Arguments => [$"--Lifecycle:Folder={folder}"];

        public override int? DatabaseProcess => null;

        public override async Task<Marks> OpenMarksAsync(CancellationToken cancel) =>
            new SqliteMarks(await SqliteStore.OpenReadOnlyAsync(folder));

        public override ValueTask DisposeAsync()
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class SqliteMarks(SqliteStore store) : Marks
    {
        public override Task<long> ReadHeadAsync(CancellationToken cancel) => store.Journal.ReadHeadAsync(cancel);

        public override Task<long> ReadWatermarkAsync(CancellationToken cancel) =>
            store.Projection.ReadWatermarkAsync(cancel);

        public override ValueTask DisposeAsync() => store.DisposeAsync();
    }
}
