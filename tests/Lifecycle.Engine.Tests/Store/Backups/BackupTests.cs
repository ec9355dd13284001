using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Sqlite.Backups;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Engine.Tests.Store.Backups;

/// <summary>One file with everything, as of one instant, whoever writes meanwhile.</summary>
public sealed class BackupTests : IDisposable
{
    private const int Writers = 4;

    private readonly BackupFolders _folders = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task Backups_made_while_many_write_are_each_a_prefix_of_the_journal()
    {
        await using var fixture = await EngineFixture.OpenAsync(start: true);
        using var stop = new CancellationTokenSource();
        var writing = Enumerable.Range(0, Writers).Select(n => WriteAsync(fixture, n, stop.Token)).ToList();
        var backups = new List<BackupSummary>();
        for (var i = 0; i < 3; i++)
        {
            await MoreAsync(fixture, 200);
            backups.Add(await _folders.BackUpAsync(fixture, $"b-{i}.db"));
            // What is due by then is decided while the next backup is made.
            await fixture.AdvanceAsync(TimeSpan.FromDays(10));
        }

        await MoreAsync(fixture, 200);
        await stop.CancelAsync();
        await Task.WhenAll(writing);
        await fixture.Engine.Scheduler.PokeDueAsync(Cancel);
        Assert.True(backups[0].End.Position >= 200);
        Assert.Equal(backups.Count, backups.Select(backup => backup.End.Position).Distinct().Count());
        foreach (var backup in backups)
        {
            var (folder, summary) = await _folders.RestoreAsync(fixture, backup.File);
            Assert.Equal((true, backup.End, JournalCut.None), (summary.Restored, summary.End, summary.Cut));
            await using var restored = await SqliteStore.OpenReadOnlyAsync(folder);
            Assert.Equal(0, (await Verifier.VerifyAsync(restored, null, Cancel)).ViolationsFound);
            Assert.Equal(
                await Folds.OfAsync(fixture.Engine.Store, backup.End.Position), await Folds.OfAsync(restored));
        }
    }

    [Fact]
    public async Task The_summary_says_where_the_journal_ends_and_the_file_is_its_owners()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.TakeAsync("ann", Some.Order("o-1", fixture.Clock.Now, 5_000));
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        await fixture.TakeAsync("bob", Some.Visit("v-1", fixture.Clock.Now));
        var summary = await SqliteBackup.RunAsync(
            new(fixture.Folder, _folders.Root, false, true), fixture.Clock, null, Cancel);

        Assert.Equal(new JournalEnd(2, 2, fixture.Clock.Now), summary.End);
        Assert.Equal(Path.Combine(_folders.Root, "journal-20260301T120100Z.db"), summary.File);
        Assert.Equal(new FileInfo(summary.File).Length, summary.Bytes);
        Assert.Equal(Path.ChangeExtension(summary.File, ".key"), summary.KeyFile);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(fixture.Folder, "installation.key"), Cancel),
            await File.ReadAllBytesAsync(summary.KeyFile!, Cancel));
        Assert.Equal([summary.File, summary.KeyFile!], Directory.GetFiles(_folders.Root).Order());
        foreach (var file in Directory.GetFiles(_folders.Root))
        {
            if (OperatingSystem.IsWindows()) continue;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_when_that_is_allowed()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var file = Path.Combine(_folders.Root, "b.db");
        await File.WriteAllTextAsync(file, "mine", Cancel);
        var refused = await Assert.ThrowsAsync<StoreException>(() => _folders.BackUpAsync(fixture));
        Assert.Contains("--overwrite", refused.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file, Cancel));
        await SqliteBackup.RunAsync(new(fixture.Folder, file, true, false), fixture.Clock, null, Cancel);
        Assert.Equal("ok", BackupFolders.Sql(file, "pragma integrity_check"));
        Assert.Equal([file], Directory.GetFiles(_folders.Root));
    }

    [Fact]
    public async Task A_key_of_another_installation_beside_the_backup_stays()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(_folders.Root, "b.key"), "another", Cancel);
        var refused = await Assert.ThrowsAsync<StoreException>(() => SqliteBackup.RunAsync(
            new(fixture.Folder, Path.Combine(_folders.Root, "b.db"), true, true), fixture.Clock, null, Cancel));
        Assert.Contains("another key", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folders.Root));
    }

    [Fact]
    public async Task What_cannot_be_backed_up_or_not_there_is_named_and_leaves_nothing()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var empty = Directory.CreateDirectory(Path.Combine(_folders.Root, "empty")).FullName;
        var other = Directory.CreateDirectory(Path.Combine(_folders.Root, "other")).FullName;
        BackupFolders.Sql(Path.Combine(other, "journal.db"), "create table mine (a integer)");
        var text = Directory.CreateDirectory(Path.Combine(_folders.Root, "text")).FullName;
        await File.WriteAllTextAsync(Path.Combine(text, "journal.db"), new string('x', 4096), Cancel);

        await FailsAsync(Path.Combine(_folders.Root, "none"), empty, "no folder");
        await FailsAsync(empty, empty, "no journal");
        await FailsAsync(other, empty, "another program");
        await FailsAsync(text, empty, "no database of SQLite");
        await FailsAsync(fixture.Folder, Path.Combine(empty, "none", "b.db"), "Make it first");
        await FailsAsync(fixture.Folder, Path.Combine(empty, "none") + "/", "Make it first");
        await FailsAsync(fixture.Folder, fixture.Folder, "data folder");
        await FailsAsync(fixture.Folder, Path.Combine(fixture.Folder, "journal.db"), "data folder", overwrite: true);
        Assert.Empty(Directory.GetFileSystemEntries(empty));

        async Task FailsAsync(string folder, string target, string why, bool overwrite = false)
        {
            var failure = await Assert.ThrowsAsync<StoreException>(() => SqliteBackup.RunAsync(
                new(folder, target, overwrite, false), fixture.Clock, null, Cancel));
            Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_damaged_journal_is_no_backup()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 20; i++) await fixture.TakeAsync("ann", Some.Visit($"v-{i}", fixture.Clock.Now));
        await fixture.Engine.DisposeAsync();
        BackupFolders.Sql(Path.Combine(fixture.Folder, "journal.db"), "delete from journal where position = 7");
        var failure = await Assert.ThrowsAsync<StoreException>(() => _folders.BackUpAsync(fixture));
        Assert.Contains("19 entries", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folders.Root));
    }

    [Fact]
    public async Task A_journal_of_an_older_schema_can_be_backed_up_before_it_is_upgraded()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.TakeAsync("ann", Some.Visit("v", fixture.Clock.Now));
        await fixture.Engine.DisposeAsync();
        var journal = Path.Combine(fixture.Folder, "journal.db");
        BackupFolders.MakeOlder(journal);

        var backup = await _folders.BackUpAsync(fixture);
        Assert.Equal(3L, BackupFolders.Sql(backup.File, "pragma user_version"));
        var (folder, _) = await _folders.RestoreAsync(fixture, backup.File);
        await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow());
        Assert.Single(await restored.RowsAsync("ann"));
    }

    [Fact]
    public async Task A_backup_that_is_given_up_leaves_nothing()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SqliteBackup.RunAsync(
            new(fixture.Folder, _folders.Root, false, true), fixture.Clock, new Stopping(stop), stop.Token));
        Assert.Empty(Directory.GetFiles(_folders.Root));
    }

    [Fact]
    public async Task A_full_disk_is_named_and_leaves_nothing()
    {
        using var disk = SmallDisk.Mount(kilobytes: 64);
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 50; i++) await fixture.TakeAsync("ann", Some.Order($"o-{i}", fixture.Clock.Now, 5_000));
        var failure = await Assert.ThrowsAsync<StoreException>(() => SqliteBackup.RunAsync(
            new(fixture.Folder, disk.Folder, false, false), fixture.Clock, null, Cancel));
        Assert.Contains("no space left", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Folder));

        var backup = await _folders.BackUpAsync(fixture);
        var to = Path.Combine(disk.Folder, "data");
        var full = await Assert.ThrowsAsync<StoreException>(() => SqliteRestore.RunAsync(
            new(backup.File, to), fixture.Clock, new(null, null), Cancel));
        Assert.Contains("no space left", full.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Folder));
        await fixture.TakeAsync("ann", Some.Visit("after", fixture.Clock.Now));
    }

    private static async Task WriteAsync(EngineFixture fixture, int writer, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var input = i % 3 == 0
                ? Some.Order($"o-{writer}-{i}", fixture.Clock.Now, 1_000 + i)
                : Some.Visit($"v-{writer}-{i}", fixture.Clock.Now);
            while (!await TryAsync($"c-{writer}-{i % 7}", input)) await Task.Delay(1, Cancel);
        }

        async Task<bool> TryAsync(string customer, Input input)
        {
            try
            {
                await fixture.TakeAsync(customer, input);
                return true;
            }
            catch (UnavailableException)
            {
                // The clock has moved, and the lease is not renewed yet.
                return false;
            }
        }
    }

    /// <summary>Whoever waits gives up when the first pages are there.</summary>
    private sealed class Stopping(CancellationTokenSource stop) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => stop.Cancel();
    }

    /// <summary>So many entries more are committed.</summary>
    private static async Task MoreAsync(EngineFixture fixture, int entries)
    {
        var journal = fixture.Engine.Store.Journal;
        var until = await journal.ReadHeadAsync(Cancel) + entries;
        while (await journal.ReadHeadAsync(Cancel) < until) await Task.Delay(5, Cancel);
    }

    [Fact]
    public async Task A_backup_whose_index_lacks_an_entry_is_damaged()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 3; i++) await fixture.SendAsync($"c{i}", Some.Adjust($"a-{i}", fixture.Clock.Now, 1));
        using var folders = new BackupFolders();
        var made = await folders.BackUpAsync(fixture);
        // A bit that flips in a page of the index: the keys there are no longer those of the entries.
        var key = (byte[])BackupFolders.Sql(made.File, "select event_key from journal where position = 2")!;
        var bytes = await File.ReadAllBytesAsync(made.File, Cancel);
        var last = bytes.AsSpan().LastIndexOf(key);
        Assert.NotEqual(bytes.AsSpan().IndexOf(key), last);
        foreach (var at in new[] { last, bytes.AsSpan().IndexOf(key) })
        {
            var flipped = (byte[])bytes.Clone();
            flipped[at] ^= 1;
            await File.WriteAllBytesAsync(made.File, flipped, Cancel);
            var failure = await Assert.ThrowsAsync<StoreException>(() => folders.RestoreAsync(fixture, made.File));
            Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_backup_that_lost_its_end_is_damaged_until_it_is_a_history_of_its_own()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 3; i++) await fixture.SendAsync($"c{i}", Some.Adjust($"a-{i}", fixture.Clock.Now, 1));
        using var folders = new BackupFolders();
        var made = await folders.BackUpAsync(fixture);
        var (folder, _) = await folders.RestoreAsync(fixture, made.File);
        BackupFolders.Sql(made.File, "delete from journal where position = 3");

        var failure = await Assert.ThrowsAsync<StoreException>(() => folders.RestoreAsync(fixture, made.File));
        await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow());
        await restored.SendAsync("c3", Some.Adjust("a-3", fixture.Clock.Now, 1));
        var next = await folders.BackUpAsync(restored, "next.db");

        Assert.Contains("it has 2 entries, and 3 were backed up", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, next.End.Position);
    }

    [Fact]
    public async Task A_backup_that_would_lie_where_its_key_is_copied_is_refused()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        using var folders = new BackupFolders();
        var failure = await Assert.ThrowsAsync<StoreException>(() => SqliteBackup.RunAsync(
            new(fixture.Folder, Path.Combine(folders.Root, "y.key"), Overwrite: true, WithKey: true), fixture.Clock,
            null, Cancel));
        Assert.Contains("y.key is where the copied key would be", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folders.Root));
    }
}
