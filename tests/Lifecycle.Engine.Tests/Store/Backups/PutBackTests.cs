using System.Collections.Concurrent;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Projection;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Sqlite.Backups;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;
using Lifecycle.Engine.Verification;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Tests.Store.Backups;

/// <summary>A journal that was put back by hand: it is noticed, or adopted.</summary>
public sealed class PutBackTests : IDisposable
{
    private readonly BackupFolders _folders = new();
    private readonly EventLog _log = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task A_backup_that_is_put_in_place_by_hand_begins_a_new_history_once()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.TakeAsync("ann", Some.Visit("v", fixture.Clock.Now));
        var backup = await _folders.BackUpAsync(fixture);
        var folder = Directory.CreateDirectory(Path.Combine(_folders.Root, "by-hand")).FullName;
        File.Move(backup.File, Path.Combine(folder, "journal.db"));
        File.Copy(Path.Combine(fixture.Folder, "installation.key"), Path.Combine(folder, "installation.key"));

        await using (var read = await SqliteStore.OpenReadOnlyAsync(folder))
            Assert.Equal(0, (await Verifier.VerifyAsync(read, null, Cancel)).ViolationsFound);

        await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow(), _log);
        var epoch = restored.Engine.Epoch;
        Assert.NotEqual(fixture.Engine.Epoch, epoch);
        Assert.Equal([1103], _log.Warnings);
        await restored.ReopenAsync();
        Assert.Equal((epoch, 1), (restored.Engine.Epoch, _log.Warnings.Count()));
        await restored.VerifyAsync();
    }

    [Fact]
    public async Task A_journal_that_ends_before_its_projection_begins_a_new_history_once()
    {
        await using var fixture = await EngineFixture.OpenAsync(start: true);
        await fixture.TakeAsync("ann", Some.Visit("v-1", fixture.Clock.Now));
        var before = Path.Combine(_folders.Root, "before.db");
        BackupFolders.Sql(Path.Combine(fixture.Folder, "journal.db"), $"vacuum into '{before}'");
        await fixture.TakeAsync("ann", Some.Visit("v-2", fixture.Clock.Now));
        await fixture.Engine.DisposeAsync();
        var (epoch, folder) = (fixture.Engine.Epoch, Path.Combine(_folders.Root, "copy"));
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "installation.key", "projection.db" })
            File.Copy(Path.Combine(fixture.Folder, name), Path.Combine(folder, name));
        File.Move(before, Path.Combine(folder, "journal.db"));

        await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow(), _log);
        Assert.NotEqual(epoch, restored.Engine.Epoch);
        Assert.Equal([1104, 1101], _log.Warnings);
        var begun = restored.Engine.Epoch;
        await restored.StartProjectionAsync();
        await restored.TakeAsync("ann", Some.Visit("v-3", fixture.Clock.Now));
        await restored.VerifyAsync();
        await restored.ReopenAsync();
        Assert.Equal((begun, 2), (restored.Engine.Epoch, _log.Warnings.Count()));
    }

    [Fact]
    public async Task A_process_under_which_the_journal_goes_back_says_so()
    {
        TestStore store = null!;
        await using var fixture = await EngineFixture.OpenAsync(inner => store = new TestStore(inner));
        await using var projector = new Projector(
            store, fixture.Engine.Programs, new EngineOptions(), fixture.Clock, new EventLogOf<Projector>(_log));
        for (var i = 0; i < 3; i++) await fixture.TakeAsync("ann", Some.Visit($"v-{i}", fixture.Clock.Now));
        await projector.StartAsync(fixture.Engine.Isolation, Cancel);
        await fixture.Clock.WaitForTimersAsync(1);
        Assert.Empty(_log.Errors);
        store.Appends.Lost = 2;
        for (var i = 0; i < 20 && !_log.Errors.Any(); i++)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(6));
            await Task.Delay(50, Cancel);
        }

        Assert.Contains(1105, _log.Errors);
        store.Appends.Lost = 0;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_under_which_the_journal_goes_back_answers_nothing_more(bool byCommit)
    {
        TestStore store = null!;
        await using var fixture = await EngineFixture.OpenAsync(inner => store = new TestStore(inner), start: true);
        for (var i = 0; i < 3; i++) await fixture.TakeAsync("ann", Some.Visit($"v-{i}", fixture.Clock.Now));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        Assert.Empty(fixture.Engine.Gate.Problems);
        store.Appends.Lost = 2;
        if (byCommit) await fixture.TakeAsync("ann", Some.Visit("v-3", fixture.Clock.Now));
        for (var i = 0; i < 200 && !byCommit && fixture.Engine.Gate.Problems.Count == 0; i++)
        {
            await fixture.AdvanceAsync(TimeSpan.FromSeconds(6));
            await Task.Delay(10, Cancel);
        }

        store.Appends.Lost = 0;
        Assert.Contains("lifecycle adopt", Assert.Single(fixture.Engine.Gate.Problems), StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnavailableException>(
            () => fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel));
        await fixture.ReopenAsync();
        Assert.NotNull(await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel));
    }

    [Fact]
    public async Task An_adopted_folder_is_a_new_history_with_a_new_projection()
    {
        await using var fixture = await EngineFixture.OpenAsync(start: true);
        for (var i = 0; i < 3; i++) await fixture.TakeAsync($"c-{i}", Some.Order("o", fixture.Clock.Now, 5_000));
        var epoch = fixture.Engine.Epoch;
        var cursor = await fixture.Engine.Feed.ReadEndAsync(Cancel);
        await fixture.Engine.DisposeAsync();
        // A projection that nobody should believe.
        BackupFolders.Sql(Path.Combine(fixture.Folder, "projection.db"), "update customers set available = 1000");
        var summary = await SqliteAdoption.RunAsync(fixture.Folder, false, null, Cancel);
        Assert.Equal((true, 3, 3), (summary.Adopted, summary.End.Position, summary.End.Customers));
        Assert.Equal((fixture.Clock.Now, true), (summary.End.LastRecordedAt, summary.HasKey));

        await fixture.OpenAgainAsync();
        Assert.Equal(summary.Epoch, fixture.Engine.Epoch);
        Assert.NotEqual(epoch, fixture.Engine.Epoch);
        await Assert.ThrowsAsync<FeedCursorException>(
            () => fixture.Engine.Feed.ReadAsync(cursor, 1, TimeSpan.Zero, Cancel));
        await fixture.StartProjectionAsync();
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_folder_in_use_and_one_without_a_journal_are_not_adopted()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var used = await Assert.ThrowsAsync<StoreException>(
            () => SqliteAdoption.RunAsync(fixture.Folder, false, null, Cancel));
        Assert.Contains("in use by process", used.Message, StringComparison.Ordinal);
        var none = await Assert.ThrowsAsync<StoreException>(
            () => SqliteAdoption.RunAsync(_folders.Root, false, null, Cancel));
        Assert.Contains("no journal", none.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folders.Root));
    }

    [Fact]
    public async Task A_journal_that_is_not_whole_is_adopted_only_when_that_is_accepted()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 3; i++) await fixture.TakeAsync("ann", Some.Visit($"v-{i}", fixture.Clock.Now));
        var epoch = fixture.Engine.Epoch;
        await fixture.Engine.DisposeAsync();
        var journal = Path.Combine(fixture.Folder, "journal.db");
        BackupFolders.Sql(journal, "update journal set occurred_at = 1 where position = 2");
        var refused = await SqliteAdoption.RunAsync(fixture.Folder, false, null, Cancel);
        Assert.Equal((false, ViolationCodes.Chain), (refused.Adopted, refused.Report.Violations[0].Code));
        const string Epoch = "select lower(hex(value)) from meta where key = 'epoch'";
        Assert.Equal($"{epoch}", BackupFolders.Sql(journal, Epoch));
        Assert.True((await SqliteAdoption.RunAsync(fixture.Folder, true, null, Cancel)).Adopted);
        Assert.NotEqual($"{epoch}", BackupFolders.Sql(journal, Epoch));
    }

    [Fact]
    public async Task A_journal_of_an_older_schema_is_upgraded_only_when_it_is_adopted()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 3; i++) await fixture.TakeAsync("ann", Some.Visit($"v-{i}", fixture.Clock.Now));
        await fixture.Engine.DisposeAsync();
        var journal = Path.Combine(fixture.Folder, "journal.db");
        BackupFolders.MakeOlder(journal);
        BackupFolders.Sql(journal, "update journal set occurred_at = occurred_at + 1 where position = 2");
        var (bytes, files) = (await File.ReadAllBytesAsync(journal, Cancel), Files());

        var refused = await SqliteAdoption.RunAsync(fixture.Folder, false, null, Cancel);
        Assert.Equal((false, 3), (refused.Adopted, refused.End.Position));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(journal, Cancel));
        Assert.Equal(files, Files());
        Assert.True((await SqliteAdoption.RunAsync(fixture.Folder, true, null, Cancel)).Adopted);
        Assert.Equal(4L, BackupFolders.Sql(journal, "pragma user_version"));

        IEnumerable<string> Files() => Directory.GetFileSystemEntries(fixture.Folder)
            .Where(path => !path.EndsWith("-wal", StringComparison.Ordinal)
                && !path.EndsWith("-shm", StringComparison.Ordinal))
            .Order().ToList();
    }

    private sealed class EventLog : ILogger
    {
        private readonly ConcurrentQueue<(LogLevel Level, int Id)> _events = new();

        public IEnumerable<int> Warnings => Of(LogLevel.Warning);

        public IEnumerable<int> Errors => Of(LogLevel.Error);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => _events.Enqueue((logLevel, eventId.Id));

        private IEnumerable<int> Of(LogLevel level) => _events.Where(e => e.Level == level).Select(e => e.Id);
    }

    private sealed class EventLogOf<T>(EventLog inner) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => inner.Log(logLevel, eventId, state, exception, formatter);
    }
}
