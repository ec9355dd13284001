using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Feed;

public sealed class JournalFeedTests
{
    private static readonly int[] Limits = [1, 7, 1_000];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_who_come_and_go_beside_writers_see_every_position_once_in_order()
    {
        const int entries = 600;
        await using var fixture = await EngineFixture.OpenAsync();
        var now = fixture.Clock.Now;
        var writers = Enumerable.Range(0, 6).Select(w => Task.Run(
            async () =>
            {
                for (var i = 0; i < entries / 6; i++) await fixture.SendAsync($"c{(w + i) % 9}", Some.Visit($"v-{w}-{i}", now));
            },
            Cancel)).ToArray();
        var readers = Limits.Select(limit => Task.Run(
            async () =>
            {
                var seen = new List<long>();
                string? cursor = null;
                while (seen.Count < entries)
                {
                    var page = await fixture.Engine.Feed.ReadAsync(cursor, limit, TimeSpan.FromMinutes(1), Cancel);
                    seen.AddRange(page.Items.Select(item => item.Position));
                    cursor = page.Cursor;
                }

                return seen;
            },
            Cancel)).ToArray();
        await Task.WhenAll(writers);
        foreach (var seen in await Task.WhenAll(readers))
            Assert.Equal(Enumerable.Range(1, entries).Select(p => (long)p), seen);
    }

    [Fact]
    public async Task A_long_poll_wakes_on_the_commit_and_names_the_customer()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Visit("v-0", fixture.Clock.Now));
        var end = await fixture.Engine.Feed.ReadEndAsync(Cancel);
        var polls = Enumerable.Range(0, 3)
            .Select(_ => fixture.Engine.Feed.ReadAsync(end, 10, TimeSpan.FromSeconds(30), Cancel)).ToArray();
        Assert.All(polls, poll => Assert.False(poll.IsCompleted));
        await fixture.SendAsync("bob", Some.Visit("v-1", fixture.Clock.Now));
        foreach (var page in await Task.WhenAll(polls))
        {
            var item = Assert.Single(page.Items);
            Assert.Equal((2L, "bob", "v-1"), (item.Position, item.Id, item.Entry!.Input.Id));
            Assert.NotEqual(end, page.Cursor);
        }
    }

    [Fact]
    public async Task A_poll_without_news_answers_an_empty_page_with_the_same_cursor()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Visit("v-0", fixture.Clock.Now));
        var end = await fixture.Engine.Feed.ReadEndAsync(Cancel);
        var now = await fixture.Engine.Feed.ReadAsync(end, 10, TimeSpan.Zero, Cancel);
        Assert.Equal((0, end), (now.Items.Count, now.Cursor));
        var poll = fixture.Engine.Feed.ReadAsync(end, 10, TimeSpan.FromSeconds(5), Cancel);
        fixture.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(poll.IsCompleted);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        var page = await poll;
        Assert.Equal((0, end), (page.Items.Count, page.Cursor));
    }

    [Fact]
    public async Task A_cursor_outlives_a_restart_and_a_gone_client_leaves_nothing_behind()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 3; i++) await fixture.SendAsync("ann", Some.Visit($"v-{i}", fixture.Clock.Now));
        var first = await fixture.Engine.Feed.ReadAsync(null, 2, TimeSpan.Zero, Cancel);
        await fixture.ReopenAsync();
        var second = await fixture.Engine.Feed.ReadAsync(first.Cursor, 2, TimeSpan.Zero, Cancel);
        Assert.Equal([1L, 2, 3], first.Items.Concat(second.Items).Select(item => item.Position));
        using var leaving = new CancellationTokenSource();
        var poll = fixture.Engine.Feed.ReadAsync(second.Cursor, 2, TimeSpan.FromSeconds(30), leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
    }

    [Fact]
    public async Task A_cursor_of_another_journal_or_past_the_end_is_refused_by_name()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await using var other = await EngineFixture.OpenAsync();
        foreach (var f in new[] { fixture, other }) await f.SendAsync("ann", Some.Visit("v-0", f.Clock.Now));
        var end = await fixture.Engine.Feed.ReadEndAsync(Cancel);
        var beyond = FeedCursor.Parse(end) with { Position = 2 };
        foreach (var cursor in new[] { await other.Engine.Feed.ReadEndAsync(Cancel), beyond.ToString() })
        {
            var refused = await Assert.ThrowsAsync<FeedCursorException>(
                () => fixture.Engine.Feed.ReadAsync(cursor, 1, TimeSpan.Zero, Cancel));
            Assert.Equal(FeedCursorException.OtherEpoch, refused.Code);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("not a cursor at all, is it?")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAP__________")]
    [InlineData("积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分")]
    public async Task A_text_that_is_no_cursor_is_refused_by_name(string cursor)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var refused = await Assert.ThrowsAsync<FeedCursorException>(
            () => fixture.Engine.Feed.ReadAsync(cursor, 1, TimeSpan.Zero, Cancel));
        Assert.Equal(FeedCursorException.Malformed, refused.Code);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(JournalFeed.LimitMax + 1, 0)]
    [InlineData(1, -1)]
    [InlineData(1, 61)]
    public async Task A_limit_or_a_wait_out_of_range_is_a_mistake_of_the_caller(int limit, int seconds)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => fixture.Engine.Feed.ReadAsync(null, limit, TimeSpan.FromSeconds(seconds), Cancel));
    }
}
