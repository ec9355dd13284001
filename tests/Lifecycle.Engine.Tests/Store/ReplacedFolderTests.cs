using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Engine.Tests.Store;

/// <summary>A backup was put in the place of the files under a running store: it is built upon, and not its memory.</summary>
public sealed class ReplacedFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-replaced-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Journal => Path.Combine(_folder, "journal.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task After_the_file_was_opened_anew_every_predecessor_is_looked_up()
    {
        await using var store = await SqliteStore.OpenAsync(
            new() { Folder = _folder, BusySecondsMax = 1 }, TimeProvider.System, NullLogger.Instance);
        await store.Journal.AppendAsync(Batch(Rows("ann", 1, 3)), Cancel);
        using (var backup = Open()) Execute(backup, $"vacuum into '{Journal}.backup'");
        Assert.Empty((await store.Journal.AppendAsync(Batch(Rows("ann", 4, 5)), Cancel)).Conflicts);
        // A write beside the journal that fails makes the writer open the file anew.
        using (var other = Open())
        {
            Execute(other, "begin immediate");
            await Assert.ThrowsAsync<StoreException>(() => store.Registry.AddProgramAsync("program: a", Start, Cancel));
            Execute(other, "rollback");
        }

        File.Delete(Journal + "-wal");
        File.Delete(Journal + "-shm");
        File.Move(Journal + ".backup", Journal, overwrite: true);
        var result = await store.Journal.AppendAsync(Batch(Rows("ann", 6, 6)), Cancel);
        Assert.Equal([Customer("ann")], result.Conflicts);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Journal};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
