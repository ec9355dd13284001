using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Engine.Tests.Store;

public sealed class SqliteWriterTests : IAsyncDisposable
{
    private const int DiskError = 10;

    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-writer-").FullName;
    private readonly SqliteFile _file;
    private readonly SqliteWriter _writer;

    public SqliteWriterTests()
    {
        _file = SqliteFile.Journal(new() { Folder = _folder, BusySecondsMax = 1 });
        _writer = new(_file, _file.OpenWriter(), _ => { }, NullLogger.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task After_a_disk_failure_the_log_is_emptied_before_anything_is_added()
    {
        await AddProgramAsync(1);
        using var reader = _file.OpenReader();
        await Assert.ThrowsAsync<StoreException>(() => FailAsync(DiskError));
        Assert.NotEqual(0, new FileInfo(_file.Path + "-wal").Length);
        var log = await _writer.WriteAsync(_ => new FileInfo(_file.Path + "-wal").Length, Cancel);
        Assert.Equal(0, log);
        Assert.Equal(1, reader.ReadNumber("select count(*) from programs"));
    }

    [Fact]
    public async Task While_the_log_cannot_be_emptied_nothing_is_added()
    {
        await AddProgramAsync(1);
        using (var reader = _file.OpenReader())
        {
            reader.Execute("begin");
            Assert.Equal(1, reader.ReadNumber("select count(*) from programs"));
            await AddProgramAsync(2);
            await Assert.ThrowsAsync<StoreException>(() => FailAsync(DiskError));
            var failure = await Assert.ThrowsAsync<StoreException>(() => AddProgramAsync(3));
            Assert.Contains("another program is reading", failure.Message, StringComparison.Ordinal);
        }

        await AddProgramAsync(3);
    }

    [Fact]
    public async Task Work_that_throws_is_undone()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _writer.WriteAsync<bool>(
            session =>
            {
                Add(session, 1);
                throw new InvalidOperationException();
            },
            Cancel));
        await AddProgramAsync(1);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_not_made_anew_behind_a_running_process()
    {
        await Assert.ThrowsAsync<StoreException>(() => FailAsync(DiskError));
        File.Move(_file.Path, _file.Path + ".moved");
        var failure = await Assert.ThrowsAsync<StoreException>(() => AddProgramAsync(1));
        Assert.Contains("is gone", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_file.Path));
        File.Move(_file.Path + ".moved", _file.Path);
        await AddProgramAsync(1);
    }

    private Task<bool> FailAsync(int code) => _writer.WriteAsync<bool>(
        session =>
        {
            Add(session, 99);
            throw new SqliteException("as the disk would", code);
        },
        Cancel);

    private Task<int> AddProgramAsync(int version) => _writer.WriteAsync(session => Add(session, version), Cancel);

    private static int Add(SqliteSession session, int version) => session.Execute(
        "insert into programs (version, document, stored_at) values ($1, 'a', 0)", version);
}
