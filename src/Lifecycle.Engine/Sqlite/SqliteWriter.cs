using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Sqlite;

/// <summary>The one writing connection of a file. Transactions follow each other in the order of the calls.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly SqliteFile _file;
    private readonly ILogger _logger;
    private readonly Action<SqliteSession> _guard;
    private readonly bool _isReadOnly;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private SqliteSession? _session;
    private bool _diskFailed;
    private bool _closed;

    /// <summary>Told inside a transaction's turn that the file is opened anew: it may be another one.</summary>
    public Action? Reopening { get; set; }

    /// <param name="file">What is written.</param>
    /// <param name="session">An open connection, or null when nothing may be written.</param>
    /// <param name="guard">Runs first in each transaction; what it throws stops the transaction.</param>
    /// <param name="logger">Told when the connection is opened anew.</param>
    public SqliteWriter(SqliteFile file, SqliteSession? session, Action<SqliteSession> guard, ILogger logger)
    {
        _file = file;
        _session = session;
        _guard = guard;
        _logger = logger;
        _isReadOnly = session is null;
    }

    /// <summary>
    /// Runs the work in one transaction. It commits whole or not at all; a cancelled call has done nothing, and a
    /// transaction that has begun is not cancelled.
    /// </summary>
    /// <exception cref="StoreException">It was not committed; after a failure of the disk it may have been.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancel)
    {
        if (_isReadOnly) throw new StoreException($"{_file.Path} was opened to be read only.");
        await _turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
            // Off the caller's thread: a commit waits for the disk, and SQLite waits by blocking.
            return await Task.Run(() => Transact(work), CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _closed = true;
        _session?.Dispose();
        _session = null;
        _turn.Release();
    }

    private T Transact<T>(Func<SqliteSession, T> work)
    {
        try
        {
            var session = _session ??= Reopen();
            session.Execute("begin immediate");
            _guard(session);
            var result = work(session);
            session.Execute("commit");
            return result;
        }
        catch (Exception e)
        {
            // Closing rolls back, whatever state the failure left. Failures are rare, opening is a millisecond.
            _session?.Dispose();
            _session = null;
            if (e is not SqliteException failure) throw;
            _diskFailed |= SqliteErrors.IsDisk(failure);
            throw _file.Explain(failure);
        }
    }

    private SqliteSession Reopen()
    {
        // Opening would make an empty file, and the next start would take it for all there ever was.
        if (!File.Exists(_file.Path))
        {
            throw new StoreException(
                $"{_file.Path} is gone: it was deleted or moved. Stop the server and put it back.");
        }

        EngineLog.ConnectionReopened(_logger, _file.Path);
        Reopening?.Invoke();
        var session = _file.OpenWriter();
        try
        {
            if (_diskFailed) Settle(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // After a failed fsync the system may count lost pages of the log as written: what is appended behind them would be
    // cut off by the next recovery. So the log is emptied into the file, which syncs both, before anything is added.
    private void Settle(SqliteSession session)
    {
        if (session.ReadNumber("pragma wal_checkpoint(truncate)") != 0)
        {
            throw new StoreException(
                $"{_file.Path}: after a disk failure its log must be emptied first, but another program is reading " +
                "it. Stop that program.");
        }

        _diskFailed = false;
    }
}
