using System.Collections.Concurrent;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite;

/// <summary>The reading connections of one file: at most a fixed number, opened when first needed.</summary>
internal sealed class SqliteReaders(SqliteFile file, int readersMax) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(readersMax, readersMax);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads on the caller's thread: the work is short, and SQLite has no other way.</summary>
    /// <exception cref="StoreException">The file could not be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
            return Read(read);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for reads that are under way, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var i = 0; i < readersMax; i++) await _free.WaitAsync();
        while (_idle.TryTake(out var session)) session.Dispose();
        _free.Release(readersMax);
    }

    private T Read<T>(Func<SqliteSession, T> read)
    {
        SqliteSession? session = null;
        try
        {
            if (!_idle.TryTake(out session)) session = file.OpenReader();
            var result = read(session);
            _idle.Add(session);
            return result;
        }
        catch (Exception e)
        {
            // A connection that failed is not used again; the next read opens another.
            session?.Dispose();
            if (e is SqliteException failure) throw file.Explain(failure);
            throw;
        }
    }
}
