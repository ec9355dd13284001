using Lifecycle.Engine.Sqlite.Backups;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Store.Backups;

/// <summary>Where a backup may lie, and beside what.</summary>
public sealed class BackupPlacesTests : IDisposable
{
    private readonly BackupFolders _folders = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task Beside_a_backup_that_has_the_name_of_a_journal_and_in_its_place()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.TakeAsync("ann", Some.Visit("v-1", fixture.Clock.Now));
        var named = (await _folders.BackUpAsync(fixture, "journal.db")).File;
        await fixture.TakeAsync("ann", Some.Visit("v-2", fixture.Clock.Now));
        await _folders.BackUpAsync(fixture, "another.db");
        var replaced = await SqliteBackup.RunAsync(
            new(fixture.Folder, named, Overwrite: true, WithKey: false), fixture.Clock, null, Cancel);
        Assert.Equal((named, 2), (replaced.File, replaced.End.Position));
    }

    [Fact]
    public async Task Not_in_any_data_folder_nor_below_the_one_it_is_of()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await using var another = await EngineFixture.OpenAsync();
        var below = Directory.CreateDirectory(Path.Combine(fixture.Folder, "backups", "daily")).FullName;
        await FailsAsync(below, "is inside the data folder");
        await FailsAsync(Path.Combine(below, "b.db"), "is inside the data folder");
        await FailsAsync(fixture.Folder, "is inside the data folder");
        await FailsAsync(Path.Combine(another.Folder, "journal.db"), "is a data folder");
        if (!OperatingSystem.IsWindows())
        {
            var link = Path.Combine(_folders.Root, "link");
            Directory.CreateSymbolicLink(link, Path.GetDirectoryName(below)!);
            await FailsAsync(Path.Combine(link, "daily"), "is inside the data folder");
        }

        Assert.Empty(Directory.GetFileSystemEntries(below));
        // Another folder whose name only begins like it.
        var beside = Directory.CreateDirectory(fixture.Folder + "-backups").FullName;
        await SqliteBackup.RunAsync(new(fixture.Folder, beside, false, false), fixture.Clock, null, Cancel);
        Directory.Delete(beside, recursive: true);

        async Task FailsAsync(string target, string why)
        {
            var failure = await Assert.ThrowsAsync<StoreException>(() => SqliteBackup.RunAsync(
                new(fixture.Folder, target, Overwrite: true, WithKey: false), fixture.Clock, null, Cancel));
            Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_a_killed_backup_left_is_cleared_away_and_what_another_one_makes_is_not()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        using var stop = new CancellationTokenSource();
        var seen = new StopWhenSeen(_folders.Root, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SqliteBackup.RunAsync(
            new(fixture.Folder, _folders.Root, false, false), fixture.Clock, seen, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folders.Root));
        // Had it been killed, this would be there still.
        var killed = Path.Combine(_folders.Root, Path.GetFileName(seen.Found!));
        Directory.CreateDirectory(killed);
        foreach (var name in new[] { "journal.db", "lifecycle.lock", "lifecycle.pid" })
            await File.WriteAllTextAsync(Path.Combine(killed, name), "", Cancel);

        using var running = DraftFolder.In(_folders.Root);
        Assert.False(Directory.Exists(killed));
        var backup = await _folders.BackUpAsync(fixture);
        Assert.Equal(
            new[] { running.Path, backup.File }.Order(), Directory.GetFileSystemEntries(_folders.Root).Order());
    }

    [Fact]
    public async Task A_copy_of_a_backup_is_of_the_time_of_that_backup()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.TakeAsync("ann", Some.Visit("v-1", fixture.Clock.Now));
        var first = await _folders.BackUpAsync(fixture);
        await fixture.AdvanceAsync(TimeSpan.FromHours(1));
        await fixture.TakeAsync("ann", Some.Visit("v-2", fixture.Clock.Now));
        var folder = Directory.CreateDirectory(Path.Combine(_folders.Root, "by-hand")).FullName;
        File.Move(first.File, Path.Combine(folder, "journal.db"));
        var copy = await SqliteBackup.RunAsync(
            new(folder, Path.Combine(_folders.Root, "copy.db"), false, false), fixture.Clock, null, Cancel);

        Assert.Equal(first.MadeAt, copy.MadeAt);
        // It lacks the second visit, so nobody may take it for the journal of then.
        var failure = await Assert.ThrowsAsync<StoreException>(
            () => _folders.RestoreAsync(fixture, copy.File, until: fixture.Clock.Now));
        Assert.Contains($"The backup was made at {first.MadeAt}", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Sees what is in a folder while a copy is made there, and gives up.</summary>
    private sealed class StopWhenSeen(string folder, CancellationTokenSource stop) : IProgress<CopyProgress>
    {
        public string? Found { get; private set; }

        public void Report(CopyProgress value)
        {
            Found ??= Directory.GetFileSystemEntries(folder).Single();
            stop.Cancel();
        }
    }
}
