using System.Text;
using Lifecycle.Client.Tests.Support;

namespace Lifecycle.Client.Tests;

public sealed class QuarantineTests(RealServer server) : IClassFixture<RealServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_is_summed_and_listed_by_source_reason_and_day()
    {
        using var client = Clients.To(server.Url);
        await SpoilAsync(client, "sums", 3);
        await SpoilAsync(client, "sums", 2);
        var mine = new QuarantineFilter
        {
            Source = "sums", Reason = "invalid_field", Day = DateOnly.FromDateTime(DateTime.UtcNow),
        };

        var page = await client.GetQuarantineAsync(mine, limit: 2, cancel: Cancel);
        var all = await client.GetWholeQuarantineAsync(mine, cancel: Cancel).ToListAsync(Cancel);
        var yesterday = await client.GetQuarantineAsync(
            mine with { Day = mine.Day.Value.AddDays(-1) }, cancel: Cancel);

        Assert.Equal(new QuarantineTotal(3, 5), page.Total);
        Assert.Equal([new QuarantineCount("sums", "invalid_field", 3, 5)], page.Counts);
        Assert.Equal([new QuarantineDay(mine.Day.Value, 3, 5)], page.Days);
        Assert.Equal(2, page.Items.Count);
        Assert.NotNull(page.NextCursor);
        Assert.Equal([2L, 2, 1], all.Select(item => item.Times));
        Assert.All(all, item => Assert.Equal(("event", null), (item.Format, item.Resolution)));
        Assert.Equal(0, yesterday.Total.Items);
    }

    [Fact]
    public async Task One_is_read_and_replayed_corrected_once_though_the_answer_is_lost()
    {
        await using var line = new LossyLine(server.Url);
        using var client = Clients.To(line.Url);
        var id = (await SpoilAsync(client, "one", 1))[0];
        var correction = new CustomerEvent("one-0", EventTypes.SurveyAnswered, "surveyed")
        {
            Source = "one", Data = new() { Kind = "nps", Score = 10 },
        };

        var read = await client.GetQuarantinedAsync(id, Cancel);
        var asSent = await client.ReplayAsync(id, Cancel);
        var stillWrong = await client.ReplayCorrectedAsync(
            id, correction with { Data = new() { Kind = "nps", Score = 12 } }, Cancel);
        line.LoseAnswers(1);
        var lost = await client.ReplayCorrectedAsync(id, correction, Cancel);

        Assert.Equal(11, read.Event!.Value.GetProperty("data").GetProperty("score").GetInt32());
        Assert.Contains("\"one-0\"", read.Body, StringComparison.Ordinal);
        Assert.Equal(("quarantined", null), (asSent.Result!.Status, asSent.Item.Resolution));
        Assert.Equal(("quarantined", null), (stillWrong.Result!.Status, stillWrong.Item.Resolution));
        Assert.Null(lost.Result);
        Assert.Equal("replayed", lost.Item.Resolution!.How);
        Assert.Single(await client.GetAllEntriesAsync("surveyed", cancel: Cancel).ToListAsync(Cancel));
        var discard = await Assert.ThrowsAsync<LifecycleException>(
            () => client.DiscardAsync(id, "test_data", cancel: Cancel));
        Assert.Equal("already_resolved", discard.Code);
    }

    [Fact]
    public async Task A_correction_may_be_json_and_answers_what_became_of_it()
    {
        using var client = Clients.To(server.Url);
        var id = (await SpoilAsync(client, "raw", 1))[0];

        var taken = await client.ReplayCorrectedAsync(
            id, Encoding.UTF8.GetBytes("""{"id":"r","type":"visit","customer":"raw"}"""), Cancel);

        Assert.Equal(("accepted", "raw"), (taken.Result!.Status, taken.Result.Customer));
        Assert.Equal("applied", taken.Result.Receipt!.Status);
        Assert.NotNull(taken.Item.Resolution!.ResolvedAt);
    }

    [Fact]
    public async Task What_will_not_be_taken_is_kept_with_its_reason()
    {
        using var client = Clients.To(server.Url);
        var id = (await SpoilAsync(client, "tests", 1))[0];

        var discarded = await client.DiscardAsync(id, "test_data", "the till's self test", Cancel);
        var again = await client.DiscardAsync(id, "another", cancel: Cancel);
        var resolved = await client.GetQuarantineAsync(
            new() { Source = "tests" }, state: QuarantineState.Resolved, cancel: Cancel);

        Assert.Equal(
            ("discarded", "test_data", "the till's self test"),
            (discarded.Resolution!.How, discarded.Resolution.Reason, discarded.Resolution.Note));
        Assert.Equal(discarded.Resolution, again.Resolution);
        Assert.Equal([id], resolved.Items.Select(item => item.Id));
        Assert.Empty((await client.GetQuarantineAsync(new() { Source = "tests" }, cancel: Cancel)).Items);
        Assert.Equal(
            "reason_required",
            (await Assert.ThrowsAsync<LifecycleException>(() => client.DiscardAsync(id, "", cancel: Cancel))).Code);
        Assert.Equal(
            "not_found",
            (await Assert.ThrowsAsync<LifecycleException>(() => client.GetQuarantinedAsync(9_999, Cancel))).Code);
    }

    [Fact]
    public async Task Many_are_replayed_or_discarded_page_by_page()
    {
        using var client = Clients.To(server.Url);
        await SpoilAsync(client, "many", 5);
        var mine = new QuarantineFilter { Source = "many" };

        var tried = await client.ReplayManyAsync(mine, limit: 3, cancel: Cancel);
        var rest = await client.ReplayManyAsync(mine, tried.NextCursor, 3, Cancel);
        var some = await client.DiscardManyAsync(mine, "test_data", limit: 2, cancel: Cancel);
        var last = await client.DiscardManyAsync(mine, "test_data", cursor: some.NextCursor, cancel: Cancel);

        Assert.Equal((0, 3, 5), (tried.Resolved, tried.Failed, tried.Waiting));
        Assert.Equal((2, null), (rest.Failed, rest.NextCursor));
        Assert.Equal((2, 3), (some.Resolved, some.Waiting));
        Assert.Equal((3, 0, 0), (last.Resolved, last.Failed, last.Waiting));
        Assert.Equal(
            "invalid_parameter",
            (await Assert.ThrowsAsync<LifecycleException>(() => client.ReplayManyAsync(new(), cancel: Cancel))).Code);
    }

    /// <summary>Sends surveys that are out of range; answers the items of their source, oldest first.</summary>
    private static async Task<List<long>> SpoilAsync(LifecycleClient client, string source, int count)
    {
        await client.SendEventsAsync(
            Enumerable.Range(0, count).Select(n => new CustomerEvent($"{source}-{n}", EventTypes.SurveyAnswered, "c")
            {
                Source = source, OccurredAt = DateTimeOffset.UnixEpoch.AddYears(50),
                Data = new() { Kind = "nps", Score = 11 },
            }),
            cancel: Cancel);
        return await client.GetWholeQuarantineAsync(new() { Source = source }, cancel: Cancel)
            .Select(item => item.Id).ToListAsync(Cancel);
    }
}
