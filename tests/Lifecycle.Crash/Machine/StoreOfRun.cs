using Microsoft.Data.Sqlite;

namespace Lifecycle.Crash.Machine;

/// <summary>The store of a run: what its servers are started with, and what can be done to it.</summary>
internal abstract class StoreOfRun(string folder) : IAsyncDisposable
{
    /// <summary>The data folder of the server.</summary>
    public string Folder { get; } = folder;

    public abstract IEnumerable<string> Arguments { get; }

    /// <summary>Whether there is a database server, which can be killed too.</summary>
    public virtual bool HasDatabase => false;

    public virtual Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>The database server and everything it has started, at once.</summary>
    public virtual Task KillDatabaseAsync() => throw new NotSupportedException();

    /// <summary>Starts it again over what it left.</summary>
    public virtual Task RestartDatabaseAsync(CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>
    /// Whether another process can take over from one that is stopped: it may stand in a transaction that only it can end.
    /// </summary>
    public virtual bool CanBeFreed() => true;

    /// <summary>What an operator does so that another process may take over from one that is stopped.</summary>
    public abstract Task FreeAsync(CancellationToken cancel);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static StoreOfRun Of(string store, string folder) => store switch
    {
        "sqlite" => new SqliteOfRun(folder),
        "postgres" => new PostgresOfRun(folder),
        _ => throw new ArgumentException($"There is no store '{store}': sqlite or postgres."),
    };
}

/// <summary>The embedded store.</summary>
internal sealed class SqliteOfRun(string folder) : StoreOfRun(Path.Combine(folder, "data"))
{
    private const int BusyCode = 5;

    public override IEnumerable<string> Arguments => [$"--Lifecycle:Folder={Folder}"];

    /// <summary>Nobody stands in a transaction that writes.</summary>
    public override bool CanBeFreed() => IsIdle("journal.db") && IsIdle("projection.db");

    /// <summary>The lock is the stopped process's. Without its file the owner's token decides.</summary>
    public override Task FreeAsync(CancellationToken cancel)
    {
        File.Delete(Path.Combine(Folder, "lifecycle.lock"));
        return Task.CompletedTask;
    }

    private bool IsIdle(string file)
    {
        var source = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(Folder, file), Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1,
        };
        using var connection = new SqliteConnection(source.ConnectionString);
        connection.Open();
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == BusyCode)
        {
            return false;
        }
    }
}
