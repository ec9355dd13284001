using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Lifecycle.Compliance;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Engine.Tests.Store;

/// <summary>The embedded store: what every store does, and what only files do.</summary>
public sealed partial class SqliteStoreTests : StoreCompliance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-store-").FullName;

    private SqliteOptions Options => new() { Folder = _folder };

    protected override async Task<IStore> OpenAsync() => await OpenAsync(Options);

    protected override Task DeleteAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public void Settings_that_do_not_hold_refuse_the_connection_by_name()
    {
        // A database in memory cannot have a write-ahead log.
        using var session = new SqliteSession(":memory:", SqliteOpenMode.Memory, 1);
        var failure = Assert.Throws<StoreException>(
            () => SqliteSettings.Journal(Options, 1 << 20).Apply(session, "here"));
        Assert.Contains("journal_mode", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_connection_of_the_journal_syncs_each_commit()
    {
        var file = SqliteFile.Journal(Options);
        using var writer = file.OpenWriter();
        using var reader = file.OpenReader();
        foreach (var session in new[] { writer, reader })
        {
            Assert.Equal("wal", session.ReadText("pragma journal_mode"));
            Assert.Equal("2", session.ReadText("pragma synchronous"));
        }

        using var projection = SqliteFile.Projection(Options, marksDamage: true).OpenWriter();
        Assert.Equal("1", projection.ReadText("pragma synchronous"));
    }

    [Fact]
    public async Task A_second_open_is_refused_and_names_the_process()
    {
        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains(
            "in use by process " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture), failure.Message,
            StringComparison.Ordinal);
        Assert.True((await Store.ConfirmOwnershipAsync(Cancel)).Held);
        await ReopenAsync();
    }

    [Fact]
    public async Task A_fenced_owner_commits_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A locked file cannot be removed there.");
        await AppendAsync(Row("ann", 1));
        // What an operator does who takes a lock for a forgotten file.
        File.Delete(Path.Combine(_folder, "lifecycle.lock"));
        await using var other = await OpenAsync();
        Assert.False((await Store.ConfirmOwnershipAsync(Cancel)).Held);
        var failure = await Assert.ThrowsAsync<StoreException>(() => AppendAsync(Row("ann", 2)));
        Assert.Contains("taken over", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(() => Store.Registry.AddProgramAsync("program: a", Start, Cancel));
        // Nor does it say how far the rows of the other one have come.
        await Assert.ThrowsAsync<StoreException>(() => Store.Projection.WriteAsync([], 1, Cancel));
        Assert.Equal(0, await other.Projection.ReadWatermarkAsync(Cancel));
        Assert.Equal(1, await other.Journal.ReadHeadAsync(Cancel));
        Assert.True((await other.ConfirmOwnershipAsync(Cancel)).Held);
        Assert.Equal(2, (await other.Journal.AppendAsync(Batch(Row("ann", 2)), Cancel)).FirstPosition);
    }

    [Fact]
    public async Task A_replaced_journal_is_not_owned()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "An open file cannot be replaced there.");
        File.Move(Path.Combine(_folder, "journal.db"), Path.Combine(_folder, "old.db"));
        await Assert.ThrowsAsync<StoreException>(() => Store.ConfirmOwnershipAsync(Cancel));
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("projection.db")]
    public async Task A_newer_schema_is_refused(string name)
    {
        await CloseAsync();
        Run(name, "pragma user_version = 99");
        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("schema 99, which is newer", failure.Message, StringComparison.Ordinal);
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        await CloseAsync();
        foreach (var path in Directory.GetFiles(_folder)) File.Delete(path);
        Run("journal.db", "create table songs (title text)");
        var before = await File.ReadAllBytesAsync(Path.Combine(_folder, "journal.db"), Cancel);
        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("another program", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(_folder, "journal.db"), Cancel));
    }

    [Fact]
    public async Task A_damaged_journal_is_reported_and_kept()
    {
        await CloseAsync();
        var path = Path.Combine(_folder, "journal.db");
        await File.WriteAllTextAsync(path, new string('x', 100_000), Cancel);
        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("journal is damaged", failure.Message, StringComparison.Ordinal);
        Assert.Equal(100_000, new FileInfo(path).Length);
    }

    [Fact]
    public async Task A_lost_journal_is_reported_and_not_begun_anew()
    {
        await CloseAsync();
        File.Delete(Path.Combine(_folder, "journal.db"));
        var failure = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("journal.db is missing", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "journal.db")));
    }

    [Fact]
    public async Task A_commit_that_fails_leaves_nothing_and_the_next_one_works()
    {
        await AppendAsync(Row("ann", 1));
        // The reference is checked by the commit itself, after every row went in.
        Run(
            "journal.db",
            """
            create table wanted (id integer primary key);
            create table trap (id integer references wanted deferrable initially deferred);
            create trigger spring after insert on journal begin insert into trap values (1); end;
            """);
        var batch = Batch(Row("ann", 2), Row("bob", 1)) with { Customers = [New("bob")], Secrets = [Secret("bob")] };
        await Assert.ThrowsAsync<StoreException>(() => Journal.AppendAsync(batch, Cancel));
        Assert.Equal(1, await Journal.ReadHeadAsync(Cancel));
        Assert.Empty(await Store.Registry.ReadIdsAsync([Customer("bob")], Cancel));
        Run("journal.db", "drop trigger spring");
        Assert.Equal(2, (await Journal.AppendAsync(batch, Cancel)).FirstPosition);
    }

    [Fact]
    public async Task A_full_journal_refuses_the_batch_and_stays_readable()
    {
        await CloseAsync();
        await using var small = await OpenAsync(new() { Folder = _folder, JournalBytesMax = 1 << 20 });
        var large = Rows("ann", 1, 3, bodyBytes: 1 << 20);
        var failure = await Assert.ThrowsAsync<StoreException>(() => small.Journal.AppendAsync(Batch(large), Cancel));
        Assert.Contains("JournalBytesMax", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await small.Journal.ReadHeadAsync(Cancel));
        Assert.Equal(1, (await small.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel)).FirstPosition);
    }

    [Fact]
    public async Task A_locked_file_is_reported_as_such()
    {
        await CloseAsync();
        await using var store = await OpenAsync(new() { Folder = _folder, BusySecondsMax = 1 });
        using var shell = Connect("journal.db");
        using var transaction = shell.BeginTransaction();
        var batch = Batch(Row("ann", 1));
        var failure = await Assert.ThrowsAsync<StoreException>(() => store.Journal.AppendAsync(batch, Cancel));
        Assert.Contains("holds a lock", failure.Message, StringComparison.Ordinal);
        await transaction.RollbackAsync(Cancel);
        Assert.Equal(1, (await store.Journal.AppendAsync(batch, Cancel)).FirstPosition);
    }

    [Fact]
    public async Task A_closed_store_refuses_calls()
    {
        var store = Store;
        var batch = Batch(Row("ann", 1));
        await CloseAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Journal.ReadHeadAsync(Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Journal.AppendAsync(batch, Cancel));
    }

    [Fact]
    public async Task An_option_out_of_range_is_named() => Assert.Contains(
        nameof(SqliteOptions.ReadersMax),
        (await Assert.ThrowsAsync<ValidationException>(() => OpenAsync(new() { ReadersMax = 0 }))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_reported()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", Cancel);
        var failure = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(new() { Folder = file }));
        Assert.Contains("cannot be written", failure.Message, StringComparison.Ordinal);
    }

    private static Task<SqliteStore> OpenAsync(SqliteOptions options) =>
        SqliteStore.OpenAsync(options, TimeProvider.System, NullLogger.Instance);

    private SqliteConnection Connect(string name)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, name)};Pooling=false");
        connection.Open();
        return connection;
    }

    private void Run(string name, string sql)
    {
        using var connection = Connect(name);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
