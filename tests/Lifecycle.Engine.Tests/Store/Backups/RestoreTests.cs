using Lifecycle.Domain.Time;
using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Sqlite.Backups;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Engine.Tests.Store.Backups;

/// <summary>A journal is put back as it was at an instant, and lives on from there.</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly BackupFolders _folders = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task At_each_instant_every_customer_is_what_the_prefix_of_the_journal_folds_to()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var points = await LiveAsync(fixture);
        var backup = await _folders.BackUpAsync(fixture);
        foreach (var (at, position) in points)
        {
            var (folder, summary) = await _folders.RestoreAsync(fixture, backup.File, until: at);
            Assert.Equal((true, position, 0), (summary.Restored, summary.End.Position, summary.Report.ViolationsFound));
            Assert.Equal(backup.End.Position - position, summary.Cut.Dropped);
            Assert.True(summary.End.LastRecordedAt <= at);
            await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow());
            Assert.Equal(
                await Folds.OfAsync(fixture.Engine.Store, position), await Folds.OfAsync(restored.Engine.Store));
            await restored.Engine.StartAsync(Cancel);
            await restored.Engine.Projector.FlushAsync(Cancel);
            Assert.Equal(position, await restored.Engine.Store.Projection.ReadWatermarkAsync(Cancel));
            // Time went on meanwhile: what was due between then and now is ticked, as it would have been.
            for (var more = 1; more > 0; await restored.Engine.Projector.FlushAsync(Cancel))
                more = await restored.Engine.Scheduler.PokeDueAsync(Cancel);
            await restored.VerifyAsync();
        }

        Assert.True(points.Count >= 4);
    }

    [Fact]
    public async Task What_was_cut_off_is_new_again_and_what_was_kept_is_known()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var start = fixture.Clock.Now;
        var (kept, lost) = (Some.Order("kept", start, 5_000), Some.Order("lost", start, 7_000));
        await fixture.TakeAsync("ann", kept);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        await fixture.TakeAsync("ann", lost);
        await fixture.TakeAsync("new", Some.Visit("v", fixture.Clock.Now));
        var backup = await _folders.BackUpAsync(fixture);
        var (folder, _) = await _folders.RestoreAsync(fixture, backup.File, until: start);

        await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow());
        var known = await restored.TakeAsync("ann", kept);
        var taken = await restored.TakeAsync("ann", lost);
        Assert.Equal((true, 1), (known.Replayed, known.Receipt.Version));
        Assert.Equal((false, 2), (taken.Replayed, taken.Receipt.Version));
        Assert.Null(await restored.Customers.ViewAsync("new", PointInTime.Now, Cancel));
        Assert.False((await restored.TakeAsync("new", Some.Visit("v", fixture.Clock.Now))).Replayed);
        await restored.VerifyAsync();
    }

    [Fact]
    public async Task Cursors_and_cuts_of_before_are_refused_also_where_nothing_was_cut_off()
    {
        await using var fixture = await EngineFixture.OpenAsync(start: true);
        await fixture.TakeAsync("ann", Some.Visit("v", fixture.Clock.Now));
        var page = await fixture.Engine.Feed.ReadAsync(null, 1, TimeSpan.Zero, Cancel);
        var cut = await fixture.Engine.Scan.CutAsync(Cancel);
        var backup = await _folders.BackUpAsync(fixture);
        var (folder, summary) = await _folders.RestoreAsync(fixture, backup.File);

        await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow());
        Assert.Equal(summary.Epoch, restored.Engine.Epoch);
        Assert.NotEqual(fixture.Engine.Epoch, restored.Engine.Epoch);
        var cursor = await Assert.ThrowsAsync<FeedCursorException>(
            () => restored.Engine.Feed.ReadAsync(page.Cursor, 1, TimeSpan.Zero, Cancel));
        var scan = await Assert.ThrowsAsync<FeedCursorException>(
            () => restored.Engine.Scan.CutAsync(cut.ToString(), Cancel));
        Assert.Equal((FeedCursorException.OtherEpoch, FeedCursorException.OtherEpoch), (cursor.Code, scan.Code));
        Assert.Single((await restored.Engine.Feed.ReadAsync(null, 9, TimeSpan.Zero, Cancel)).Items);
        // A restart keeps it.
        await restored.ReopenAsync();
        Assert.Equal(summary.Epoch, restored.Engine.Epoch);
    }

    [Fact]
    public async Task Of_entries_that_were_committed_in_another_order_than_recorded_the_prefix_is_kept()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var start = fixture.Clock.Now;
        await fixture.TakeAsync("ann", Some.Visit("a", start));
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(2));
        await fixture.TakeAsync("bob", Some.Visit("b", start));
        // The clock is set back: who comes now was recorded before, and committed after.
        fixture.Clock.Jump(TimeSpan.FromMinutes(-1));
        fixture.Engine.Gate.ConfirmClock();
        await fixture.TakeAsync("cid", Some.Visit("c", start));
        fixture.Clock.Jump(TimeSpan.FromHours(1));
        fixture.Engine.Gate.ConfirmClock();
        var backup = await _folders.BackUpAsync(fixture);

        var (_, by) = await _folders.RestoreAsync(fixture, backup.File, until: start.Plus(TimeSpan.FromSeconds(90)));
        Assert.Equal((1, 2, 1), (by.End.Position, by.Cut.Dropped, by.Cut.DroppedEarlier));
        var (_, all) = await _folders.RestoreAsync(fixture, backup.File, until: start.Plus(TimeSpan.FromMinutes(2)));
        Assert.Equal((3, 0, 0), (all.End.Position, all.Cut.Dropped, all.Cut.DroppedEarlier));
        var (_, two) = await _folders.RestoreAsync(fixture, backup.File, position: 2);
        Assert.Equal((2, 1, 0), (two.End.Position, two.Cut.Dropped, two.Cut.DroppedEarlier));
    }

    [Fact]
    public async Task Into_a_folder_that_has_the_key_already()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.TakeAsync("ann", Some.Visit("v", fixture.Clock.Now));
        var backup = await _folders.BackUpAsync(fixture);
        var folder = Directory.CreateDirectory(Path.Combine(_folders.Root, "has-key")).FullName;
        File.Copy(Path.Combine(fixture.Folder, "installation.key"), Path.Combine(folder, "installation.key"));
        var summary = await SqliteRestore.RunAsync(
            new(backup.File, folder), fixture.Clock, new(null, null), Cancel);
        Assert.True(summary.HasKey);
        await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow());
        Assert.Single(await restored.RowsAsync("ann"));
    }

    [Fact]
    public async Task Without_the_key_the_journal_is_there_and_no_server_makes_another_one()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.TakeAsync("ann", Some.Visit("v", fixture.Clock.Now));
        var folder = Path.Combine(_folders.Root, "no-key");
        // From a folder that somebody kept, with the log that is still beside its journal.
        var summary = await SqliteRestore.RunAsync(
            new(fixture.Folder, folder), fixture.Clock, new(null, null), Cancel);
        Assert.Equal((true, false, 1), (summary.Restored, summary.HasKey, summary.End.Position));
        var refused = await Assert.ThrowsAsync<StoreException>(
            () => EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow()));
        Assert.Contains("installation.key is missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_is_not_whole_is_restored_only_when_that_is_accepted()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        foreach (var customer in new[] { "ann", "bob" })
            for (var i = 0; i < 3; i++) await fixture.TakeAsync(customer, Some.Visit($"v-{i}", fixture.Clock.Now));
        var backup = await _folders.BackUpAsync(fixture);
        BackupFolders.Sql(backup.File, "update journal set occurred_at = occurred_at + 1 where position = 2");

        var (folder, refused) = await _folders.RestoreAsync(fixture, backup.File);
        Assert.Equal((false, ViolationCodes.Chain), (refused.Restored, refused.Report.Violations[0].Code));
        Assert.False(Directory.Exists(folder));
        var (accepted, summary) = await _folders.RestoreAsync(fixture, backup.File, accept: true);
        Assert.True(summary.Restored);
        await using var restored = await EngineFixture.OverAsync(accepted, fixture.Clock.GetUtcNow());
        await restored.TakeAsync("bob", Some.Visit("v-3", fixture.Clock.Now));
        Assert.Equal(4, (await restored.RowsAsync("bob")).Count);
    }

    [Fact]
    public async Task What_cannot_be_restored_is_named_and_leaves_the_folder_as_it_was()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var first = fixture.Clock.Now;
        await fixture.TakeAsync("ann", Some.Visit("v", first));
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        var backup = (await _folders.BackUpAsync(fixture)).File;
        var text = Path.Combine(_folders.Root, "text.db");
        await File.WriteAllTextAsync(text, new string('x', 4096), Cancel);
        await using var another = await EngineFixture.OpenAsync();
        var folder = Directory.CreateDirectory(Path.Combine(_folders.Root, "to")).FullName;

        await FailsAsync(new(Path.Combine(folder, "none.db"), folder), "no backup");
        await FailsAsync(new(text, folder), "no database of SQLite");
        await FailsAsync(new(Path.Combine(fixture.Folder, "projection.db"), folder), "no journal");
        await FailsAsync(new(backup, backup), "is a file");
        await FailsAsync(new(backup, fixture.Folder), "not empty");
        await FailsAsync(new(backup, folder, first.Plus(TimeSpan.FromMinutes(2))), "The backup was made at");
        await FailsAsync(new(backup, folder, new Instant(first.Micros - 1)), "Nothing had been recorded");
        await FailsAsync(new(backup, folder, UntilPosition: 2), "ends at position 1");
        await FailsAsync(
            new(backup, folder, KeyFile: Path.Combine(another.Folder, "installation.key")), "not the secret");
        await FailsAsync(new(backup, folder, KeyFile: text), "can be used by others");
        await FailsAsync(new(backup, folder, KeyFile: fixture.Folder), $"{fixture.Folder} is a folder. Name the file");
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        // What was there stays, and what was not is not made.
        await File.WriteAllTextAsync(Path.Combine(folder, "lifecycle.lock"), "", Cancel);
        await FailsAsync(new(backup, folder, UntilPosition: 2), "ends at position 1");
        await FailsAsync(new(backup, Path.Combine(folder, "a", "b"), UntilPosition: 2), "ends at position 1");
        Assert.Equal([Path.Combine(folder, "lifecycle.lock")], Directory.GetFileSystemEntries(folder));

        async Task FailsAsync(RestoreRequest request, string why)
        {
            var failure = await Assert.ThrowsAsync<StoreException>(
                () => SqliteRestore.RunAsync(request, fixture.Clock, new(null, null), Cancel));
            Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A few months, and the end of each step with the position of its last entry.</summary>
    private static async Task<List<(Instant At, long Position)>> LiveAsync(EngineFixture fixture)
    {
        var points = new List<(Instant, long)>();
        await fixture.StartProjectionAsync();
        for (var step = 0; step < 5; step++)
        {
            await Task.WhenAll(Enumerable.Range(0, 12).Select(async n =>
            {
                var (customer, now) = ($"c-{n % 9}", fixture.Clock.Now);
                await fixture.TakeAsync(customer, Some.Order($"o-{step}-{n}", now, 5_000 + 700 * n));
                await fixture.SendAsync(customer, Some.Redeem($"r-{step}-{n}", now, 10 + n));
                if (n % 4 != 0) return;
                await fixture.TakeAsync(customer, Some.Return($"{step}-{n}", now, $"o-{step}-{n}", 900));
            }));
            if (step == 2)
                await fixture.Customers.MergeAsync("c-1", "c-2", new("test", "m", fixture.Clock.Now), Cancel);
            points.Add((fixture.Clock.Now, await fixture.Engine.Store.Journal.ReadHeadAsync(Cancel)));
            await fixture.AdvanceAsync(TimeSpan.FromDays(20));
            await fixture.Engine.Projector.FlushAsync(Cancel);
            await fixture.Engine.Scheduler.PokeDueAsync(Cancel);
        }

        return points;
    }
}
