using Lifecycle.Domain.Time;
using Lifecycle.Engine.Sqlite.Backups;
using Lifecycle.Engine.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Tests.Store.Backups;

/// <summary>A place for backups and for what is restored from them.</summary>
public sealed class BackupFolders : IDisposable
{
    private int _restored;

    public string Root { get; } = Directory.CreateTempSubdirectory("lifecycle-backups-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A backup under a name, without the key.</summary>
    public Task<BackupSummary> BackUpAsync(EngineFixture fixture, string name = "b.db") =>
        SqliteBackup.RunAsync(new(fixture.Folder, Path.Combine(Root, name), false, false), fixture.Clock, null, Cancel);

    /// <summary>Restores it into a folder of its own, with the key of the fixture.</summary>
    public async Task<(string Folder, RestoreSummary Summary)> RestoreAsync(
        EngineFixture fixture, string backup, Instant? until = null, long? position = null, bool accept = false)
    {
        var folder = Path.Combine(Root, $"restored-{++_restored}");
        var key = Path.Combine(fixture.Folder, "installation.key");
        var summary = await SqliteRestore.RunAsync(
            new(backup, folder, until, position, key, accept), fixture.Clock, new(null, null), Cancel);
        return (folder, summary);
    }

    /// <summary>By somebody else, while nobody uses the file.</summary>
    public static object? Sql(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
