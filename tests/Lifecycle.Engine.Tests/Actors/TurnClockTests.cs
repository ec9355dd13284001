using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>A turn has one time, however long it takes.</summary>
public sealed class TurnClockTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_due_while_ticks_wait_for_the_writer_is_not_due_for_the_input_behind_them()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s),
            new EngineOptions { TicksPerTurnMax = 1, WriterQueueMax = 1, BatchEntriesMax = 1 });
        for (var day = 0; day < 4; day++)
        {
            await fixture.TakeAsync("ann", Some.Order($"o-{day}", fixture.Clock.Now, 10_000));
            await fixture.AdvanceAsync(TimeSpan.FromDays(1));
        }

        await fixture.AdvanceAsync(TimeSpan.FromDays(11.5));
        foreach (var name in new[] { "bob", "cyd" }) await fixture.TakeAsync(name, Some.Visit("v", fixture.Clock.Now));
        // She is in memory again, so that her turn begins at once.
        await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel);
        var sentAt = fixture.Clock.Now;
        // One is being written, one fills the queue, and the first tick waits for room.
        var hold = store!.Appends.HoldAppends();
        var first = fixture.TakeAsync("bob", Some.Visit("v-2", sentAt));
        await hold.Arrived.WaitAsync(Cancel);
        Task<Outcome.Accepted>[] waiting =
        [
            first, fixture.TakeAsync("cyd", Some.Visit("v-2", sentAt)),
            fixture.TakeAsync("ann", Some.Visit("v", sentAt)),
        ];
        await fixture.AdvanceAsync(TimeSpan.FromDays(1));
        hold.Release();
        await Task.WhenAll(waiting);
        await fixture.TakeAsync("ann", Some.Visit("v-2", fixture.Clock.Now));

        // Two ticks were due when it was sent, the third one is before the next visit.
        var entries = (await fixture.RowsAsync("ann")).Select(row => EntryCodec.Decode(row)).ToArray();
        Assert.Equal(sentAt, entries.Single(entry => entry.Input.Id == "v").At);
        Assert.Equal(["", "", "v", "", "v-2"], entries[4..].Select(entry => entry.Input.Id));
        foreach (var (before, entry) in entries.Zip(entries.Skip(1)))
            Assert.True(entry.At <= before.After.NextChangeAt, $"#{entry.Seq} came before a tick that was due.");
        await fixture.VerifyAsync();
    }
}
