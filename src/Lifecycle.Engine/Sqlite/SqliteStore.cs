using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Sqlite.Backups;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Engine.Sqlite;

/// <summary>
/// The embedded store: <c>journal.db</c> and <c>projection.db</c> in one folder that one process has to itself.
/// </summary>
public sealed class SqliteStore : IStore
{
    private const string ReadOwner = "select value from meta where key = 'owner'";

    private readonly SqliteFile _journal;
    private readonly string? _token;
    private readonly FolderLock? _lock;
    private readonly IReadOnlyList<IAsyncDisposable> _connections;
    private readonly StripeLocks _stripes = new();

    private SqliteStore(
        SqliteFile journal, string? token, FolderLock? folderLock, IJournal entries, IProjection projection,
        SqliteWriter writer, SqliteReaders readers, IReadOnlyList<IAsyncDisposable> connections)
    {
        _journal = journal;
        _token = token;
        _lock = folderLock;
        _connections = connections;
        Journal = entries;
        Projection = projection;
        Registry = new SqliteRegistry(writer, readers);
        Quarantine = new SqliteQuarantine(writer, readers);
    }

    public IJournal Journal { get; }

    public IProjection Projection { get; }

    public IRegistry Registry { get; }

    public IQuarantine Quarantine { get; }

    /// <summary>Never: the folder is locked.</summary>
    public bool IsShared => false;

    /// <summary>Opens the folder for this process alone, making or upgrading what is in it.</summary>
    /// <exception cref="StoreException">
    /// Another process has the folder; a durability setting does not hold; the journal is damaged, lost, newer than
    /// this program or another program's. A projection that cannot be used is replaced by an empty one.
    /// </exception>
    /// <exception cref="ValidationException">An option is out of its range; the message names it.</exception>
    public static Task<SqliteStore> OpenAsync(SqliteOptions options, TimeProvider time, ILogger logger)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return Task.Run(() => Open(options, Instant.From(time.GetUtcNow()), logger));
    }

    /// <summary>
    /// Opens the folder to read it, also while a server uses it: takes no lock and writes nothing. A folder without a
    /// projection reads as one with an empty projection.
    /// </summary>
    /// <exception cref="StoreException">There is no journal in the folder, or it cannot be read.</exception>
    public static async Task<SqliteStore> OpenReadOnlyAsync(string folder)
    {
        var options = new SqliteOptions { Folder = folder };
        var journal = SqliteFile.Journal(options);
        if (!File.Exists(journal.Path)) throw new StoreException($"There is no journal: no {journal.Path}.");
        var projection = SqliteFile.Projection(options, marksDamage: false);
        var writer = new SqliteWriter(journal, null, _ => { }, NullLogger.Instance);
        var readers = new SqliteReaders(journal, options.ReadersMax);
        var rowReaders = new SqliteReaders(projection, options.ReadersMax);
        var store = new SqliteStore(
            journal, null, null, new SqliteJournal(writer, readers),
            File.Exists(projection.Path)
                ? new SqliteProjection(new SqliteWriter(projection, null, _ => { }, NullLogger.Instance), rowReaders)
                : new MissingProjection(),
            writer, readers, [readers, rowReaders]);
        await store.Journal.ReadHeadAsync(CancellationToken.None);
        return store;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Opens the file by its path each time: when the folder was replaced under this process (a restore), its own open
    /// connections would go on with the old file and see nothing.
    /// </remarks>
    public Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.Run(() => new StoreContact(ConfirmOwnership()), cancel);
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel) =>
        _stripes.LockAsync(stripes, cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel)
    {
        var snapshots = await ReadSnapshotsAsync(customers, cancel);
        var loaded = new List<StoredCustomer>(customers.Count);
        foreach (var customer in customers)
        {
            var row = snapshots.GetValueOrDefault(customer);
            loaded.Add(new(customer, row, await Journal.ReadAsync(customer, row?.Seq ?? 1, rowsMax, cancel)));
        }

        return loaded;
    }

    /// <summary>Waits for what is under way, closes the files and gives up the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var connections in _connections) await connections.DisposeAsync();
        _lock?.Dispose();
    }

    /// <summary>A cache that fails is one that has nothing: the journal is folded.</summary>
    private async Task<Dictionary<CustomerKey, CustomerRow>> ReadSnapshotsAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        try
        {
            if (customers.Count > 1)
                return (await Projection.ReadAsync(customers, cancel)).ToDictionary(row => row.Customer);
            var row = await Projection.ReadAsync(customers.Single(), cancel);
            return row is null ? [] : new() { [row.Customer] = row };
        }
        catch (StoreException)
        {
            return [];
        }
    }

    private static SqliteStore Open(SqliteOptions options, Instant now, ILogger logger)
    {
        var journal = SqliteFile.Journal(options);
        var projection = SqliteFile.Projection(options, marksDamage: true);
        var folder = FolderLock.Take(options.Folder);
        SqliteSession? session = null;
        SqliteSession? rows = null;
        var opening = journal;
        try
        {
            CheckNotLost(journal, projection);
            var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            session = journal.OpenWriter();
            var journalId = TakeOwnership(session, token, now, logger, journal.Path);
            var head = SqliteJournal.ReadHead(session);
            opening = projection;
            rows = ProjectionFile.Open(
                projection, journalId, head, logger,
                watermark => BeginHistory(session, token, now, logger, journal.Path, head, watermark));
            // A process from which the folder was taken must not say how far the rows of this one have come.
            rows.Execute("insert or replace into meta (key, value) values ('owner', $1)", token);
            EngineLog.StoreOpened(logger, options.Folder, head, SqliteProjection.ReadWatermark(rows));

            var writer = new SqliteWriter(journal, session, s => CheckOwner(s, token, options.Folder), logger);
            var readers = new SqliteReaders(journal, options.ReadersMax);
            var rowWriter = new SqliteWriter(projection, rows, s => CheckOwner(s, token, options.Folder), logger);
            var rowReaders = new SqliteReaders(projection, options.ReadersMax);
            // Readers first: the last connection to close is the writer's, which empties the log into the file.
            return new SqliteStore(
                journal, token, folder, new SqliteJournal(writer, readers),
                new SqliteProjection(rowWriter, rowReaders), writer, readers, [readers, rowReaders, writer, rowWriter]);
        }
        catch (Exception e)
        {
            rows?.Dispose();
            session?.Dispose();
            folder.Dispose();
            if (e is SqliteException failure) throw opening.Explain(failure);
            if (e is IOException or UnauthorizedAccessException)
                throw new StoreException($"The data folder {options.Folder} cannot be written: {e.Message}", e);
            throw;
        }
    }

    private static void CheckNotLost(SqliteFile journal, SqliteFile projection)
    {
        if (File.Exists(journal.Path)) return;
        foreach (var path in new[] { journal.Path + "-wal", projection.Path }.Where(File.Exists))
        {
            throw new StoreException(
                $"{journal.Path} is missing, though {path} is there, which was made from it. Restore the folder from " +
                "a backup, or empty it to begin anew.");
        }
    }

    /// <summary>Answers the journal's own id, made with it.</summary>
    private static string TakeOwnership(
        SqliteSession session, string token, Instant now, ILogger logger, string path)
    {
        session.Execute("begin immediate");
        session.Execute(
            "insert or ignore into meta (key, value) values ('journal_id', $1), ('epoch', $2)",
            token, RandomNumberGenerator.GetBytes(Hash16.Size));
        // A backup that was put here by hand: what was handed out since it was made must not hold.
        var madeAt = session.ReadNumber("select value from meta where key = $1", SqliteBackup.MadeAtKey);
        if (madeAt is not null) JournalHistory.Begin(session);
        WriteOwner(session, token, now);
        session.Execute("commit");
        if (madeAt is { } micros) EngineLog.BackupTaken(logger, path, new Instant(micros).ToString());
        return ReadId(session);
    }

    /// <summary>
    /// The journal lacks what the projection was made from: it was put back, and is a history of its own from here on.
    /// </summary>
    private static string BeginHistory(
        SqliteSession session, string token, Instant now, ILogger logger, string path, long head, long watermark)
    {
        session.Execute("begin immediate");
        JournalHistory.Begin(session);
        WriteOwner(session, token, now);
        session.Execute("commit");
        EngineLog.JournalWentBack(logger, path, head, watermark);
        return ReadId(session);
    }

    private static string ReadId(SqliteSession session) =>
        session.ReadText("select value from meta where key = 'journal_id'")!;

    private static void WriteOwner(SqliteSession session, string token, Instant now) => session.Execute(
        "insert or replace into meta (key, value) values ('owner', $1), ('owner_pid', $2), ('owned_since', $3)",
        token, Environment.ProcessId, now.Micros);

    private static void CheckOwner(SqliteSession session, string token, string folder)
    {
        using var owner = session.Query(ReadOwner);
        if (owner.Read() && owner.GetString(0) == token) return;
        throw new StoreException(
            $"Another process has taken over the data folder {folder}: this one commits nothing more. Stop it.");
    }

    private bool ConfirmOwnership()
    {
        if (_token is null) return false;
        try
        {
            using var session = new SqliteSession(_journal.Path, SqliteOpenMode.ReadOnly, busySecondsMax: 1);
            return session.ReadText(ReadOwner) == _token;
        }
        catch (SqliteException e)
        {
            throw _journal.Explain(e);
        }
    }
}
