using Lifecycle.Domain.Time;
using Lifecycle.Engine.Sqlite.Backups;
using Lifecycle.Engine.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Tests.Store.Backups;

/// <summary>A place for backups and for what is restored from them.</summary>
public sealed class BackupFolders : IDisposable
{
    /// <summary>Columns that the quarantine got with schema 4.</summary>
    private static readonly string[] Added =
        ["historical", "format", "resolution", "resolved_at", "resolved_by", "resolved_reason", "resolved_note"];

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

    /// <summary>Takes a journal back to schema 3.</summary>
    public static void MakeOlder(string journal)
    {
        Sql(journal, "drop index quarantine_waiting");
        foreach (var column in Added) Sql(journal, $"alter table quarantine drop column {column}");
        Sql(journal, "create index quarantine_source_reason on quarantine (source, reason, times)");
        Sql(journal, "pragma user_version = 3");
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
