using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Store.Backups;

/// <summary>A cut between the steps of a merge: what is missing is done by the first who runs.</summary>
public sealed class RestoredMergeTests : IDisposable
{
    private readonly BackupFolders _folders = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folders.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_every_step_of_a_merge_and_an_unmerge_the_scheduler_finishes_what_was_begun(bool byReaders)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var now = fixture.Clock.Now;
        await fixture.TakeAsync("a", Some.Adjust("1", now, 100));
        await fixture.TakeAsync("c", Some.Adjust("2", now, 50));
        await fixture.Customers.MergeAsync("c", "a", new("test", "m", now), Cancel);
        await fixture.TakeAsync("a", Some.Adjust("3", now, 7));
        await fixture.Customers.UnmergeAsync("c", "a", new("test", "u", now), Cancel);
        var backup = await _folders.BackUpAsync(fixture);
        var steps = (await fixture.Engine.Store.Journal.ReadFeedAsync(0, 100, Cancel))
            .Select(row => string.Concat(EntryCodec.Decode(row).Effects.Select(StepOf))).ToList();
        Assert.Equal(["", "", "left", "joined", "settled", "", "split", "rejoined", "settled"], steps);

        for (var position = 1; position <= steps.Count; position++)
        {
            var (folder, _) = await _folders.RestoreAsync(fixture, backup.File, position: position);
            await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow());
            if (!byReaders)
            {
                await restored.StartProjectionAsync();
                await restored.Engine.Scheduler.PokeDueAsync(Cancel);
            }

            (long?, long?) expected = position switch
            {
                1 => (100, null),
                2 => (100, 50),
                < 6 => (150, 150),
                6 => (157, 157),
                _ => (107, 50),
            };
            // The id whose half is missing is asked first: the other cannot know.
            Assert.Equal(expected, (await PointsAsync(restored, "a"), await PointsAsync(restored, "c")));
            if (!byReaders) Assert.Equal(0, await restored.Engine.Scheduler.PokeDueAsync(Cancel));
            await restored.VerifyAsync();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Who_came_with_a_merge_that_was_cut_in_two_keeps_the_name_it_was_called_by(int minutes)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.TakeAsync("a", Some.Adjust("1", fixture.Clock.Now, 100));
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(minutes));
        await fixture.Customers.MergeAsync("new", "a", new("test", "m", fixture.Clock.Now), Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(minutes));
        await fixture.TakeAsync("later", Some.Adjust("1", fixture.Clock.Now, 100));
        var backup = await _folders.BackUpAsync(fixture);
        var (folder, _) = await _folders.RestoreAsync(fixture, backup.File, position: 2);
        await using var restored = await EngineFixture.OverAsync(folder, fixture.Clock.GetUtcNow());
        await restored.StartProjectionAsync();
        await restored.Engine.Scheduler.PokeDueAsync(Cancel);

        Assert.Equal("new", (await restored.Customers.IdentityAsync("a", Cancel))!.Customer);
        var ids = await restored.Engine.Store.Registry.FindIdsAsync("", null, 10, Cancel);
        Assert.Equal(["a", "new"], ids.Select(id => id.Id));
    }

    private static string? StepOf(Effect effect) => effect switch
    {
        Effect.Left => "left",
        Effect.Joined => "joined",
        Effect.Split => "split",
        Effect.Rejoined => "rejoined",
        Effect.Settled => "settled",
        _ => null,
    };

    private static async Task<long?> PointsAsync(EngineFixture fixture, string id) =>
        (await fixture.Customers.ViewAsync(id, PointInTime.Now, Cancel))?.Points.Available;
}
