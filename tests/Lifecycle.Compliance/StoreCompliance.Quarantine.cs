using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Store;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Compliance;

public abstract partial class StoreCompliance
{
    private static readonly QuarantineResolution Replayed =
        new(QuarantineResolutions.Replayed, Start.PlusDays(2), "k1");

    private static readonly QuarantineResolution Discarded =
        new(QuarantineResolutions.Discarded, Start.PlusDays(3), "k2", "test_data", "the self test");

    private IQuarantine Quarantine => Store.Quarantine;

    [Fact]
    public async Task A_quarantined_item_that_comes_again_is_counted_on_the_first()
    {
        var item = Item("1", "shop", "unknown_currency");
        await Quarantine.AddAsync([item, item], Cancel);
        await Quarantine.AddAsync([item with { Detail = "later", ReceivedAt = Start.PlusDays(1) }], Cancel);
        var kept = Assert.Single(await ReadAsync(QuarantineFilter.Waiting));
        Assert.Equal((3, item.Detail, Start), (kept.Times, kept.Detail, kept.ReceivedAt));
        Assert.Equal(item.Body.ToArray(), kept.Body.ToArray());
        Assert.Equal((item.Key, item.Source, item.Reason), (kept.Key, kept.Source, kept.Reason));
        Assert.Equal((false, EventFormats.Event, null), (kept.Historical, kept.Format, kept.Resolution));
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("half of a pair \ud83d")]
    [InlineData("a whole one 😀")]
    public async Task Quarantine_takes_any_text_and_finds_it_again(string text)
    {
        await Quarantine.AddAsync([Item("1", text, "bad_source") with { Detail = $"The source {text} is none." }], Cancel);
        var kept = Assert.Single(await ReadAsync(QuarantineFilter.Waiting with { Source = text }));
        Assert.Equal(Hash("1"), kept.Key);
        await Quarantine.SettleAsync([], Replayed, [new(kept.Id, "bad_source", $"Still {text}.")], Cancel);
        Assert.StartsWith("Still ", (await Quarantine.FindAsync(kept.Id, Cancel))!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quarantine_keeps_how_an_event_came()
    {
        var item = Item("1", "shop", "bad_time") with { Historical = true, Format = EventFormats.CloudEvent };
        await Quarantine.AddAsync([item], Cancel);
        await ReopenAsync();
        var kept = Assert.Single(await ReadAsync(QuarantineFilter.Waiting));
        Assert.Equal((true, EventFormats.CloudEvent), (kept.Historical, kept.Format));
    }

    [Fact]
    public async Task Quarantine_sums_by_source_reason_and_day_and_reads_oldest_first()
    {
        var twice = Item("2", "shop", "bad_time");
        var later = Item("4", "shop", "bad_id") with { ReceivedAt = Start.StartOfDay().PlusDays(1) };
        await Quarantine.AddAsync([Item("1", "shop", "bad_time"), twice, Item("3", "", "bad_time"), twice, later], Cancel);

        var all = await Quarantine.SumAsync(QuarantineFilter.Waiting, 10, Cancel);
        Assert.Equal((4, 5), (all.Items, all.Times));
        Assert.Equal(
            [new("shop", "bad_time", 2, 3), new("", "bad_time", 1, 1), new QuarantineCount("shop", "bad_id", 1, 1)],
            all.Counts);
        Assert.Equal(
            [new(later.ReceivedAt, 1, 1), new QuarantineDay(Start.StartOfDay(), 3, 4)], all.Days);
        Assert.Single((await Quarantine.SumAsync(QuarantineFilter.Waiting, 1, Cancel)).Counts);

        var first = Assert.Single(await Quarantine.ReadAsync(QuarantineFilter.Waiting, 0, 1, Cancel));
        Assert.Equal(Hash("1"), first.Key);
        Assert.Equal(
            [Hash("2"), Hash("3"), Hash("4")],
            (await Quarantine.ReadAsync(QuarantineFilter.Waiting, first.Id, 9, Cancel)).Select(i => i.Key));
    }

    [Fact]
    public async Task A_filter_narrows_quarantine_by_source_reason_and_day()
    {
        var later = Item("4", "shop", "bad_id") with { ReceivedAt = Start.StartOfDay().PlusDays(1) };
        await Quarantine.AddAsync([Item("1", "shop", "bad_time"), Item("3", "", "bad_time"), later], Cancel);
        var waiting = QuarantineFilter.Waiting;

        Assert.Equal([Hash("3")], (await ReadAsync(waiting with { Source = "" })).Select(i => i.Key));
        Assert.Equal([Hash("4")], (await ReadAsync(waiting with { Reason = "bad_id" })).Select(i => i.Key));
        Assert.Equal([Hash("4")], (await ReadAsync(waiting with { Day = later.ReceivedAt })).Select(i => i.Key));
        Assert.Equal(2, (await Quarantine.SumAsync(waiting with { Day = Start.StartOfDay() }, 9, Cancel)).Items);
        Assert.Equal(0, (await Quarantine.SumAsync(waiting with { Source = "till" }, 9, Cancel)).Times);
    }

    [Fact]
    public async Task What_is_resolved_stays_so_with_who_did_it()
    {
        await Quarantine.AddAsync([Item("1", "a", "r"), Item("2", "a", "r"), Item("3", "a", "r")], Cancel);
        var ids = (await ReadAsync(QuarantineFilter.Waiting)).Select(i => i.Id).ToArray();

        Assert.Equal(1, await Quarantine.SettleAsync([ids[0]], Replayed, [], Cancel));
        Assert.Equal(1, await Quarantine.SettleAsync([ids[0], ids[1], 999], Discarded, [], Cancel));
        await Quarantine.AddAsync([Item("1", "a", "r")], Cancel);
        await ReopenAsync();

        Assert.Equal([ids[2]], (await ReadAsync(QuarantineFilter.Waiting)).Select(i => i.Id));
        Assert.Equal([ids[0], ids[1]], (await ReadAsync(new(null, null, null, false))).Select(i => i.Id));
        Assert.Equal(3, (await ReadAsync(QuarantineFilter.All)).Count);
        var first = await Quarantine.FindAsync(ids[0], Cancel);
        Assert.Equal((2, Replayed), (first!.Times, first.Resolution));
        Assert.Equal(Discarded, (await Quarantine.FindAsync(ids[1], Cancel))!.Resolution);
        Assert.Null(await Quarantine.FindAsync(999, Cancel));
    }

    [Fact]
    public async Task What_failed_again_waits_with_its_new_reason_unless_it_was_resolved_meanwhile()
    {
        await Quarantine.AddAsync([Item("1", "a", "r"), Item("2", "a", "r")], Cancel);
        var ids = (await ReadAsync(QuarantineFilter.Waiting)).Select(i => i.Id).ToArray();
        await Quarantine.SettleAsync([ids[1]], Discarded, [], Cancel);

        var resolved = await Quarantine.SettleAsync(
            [], Replayed, [.. ids.Select(id => new QuarantineFailure(id, "id_reused", "used"))], Cancel);

        Assert.Equal(0, resolved);
        var waiting = Assert.Single(await ReadAsync(QuarantineFilter.Waiting));
        Assert.Equal((ids[0], "id_reused", "used", Hash("1")), (waiting.Id, waiting.Reason, waiting.Detail, waiting.Key));
        Assert.Equal("r", (await Quarantine.FindAsync(ids[1], Cancel))!.Reason);
    }

    private Task<IReadOnlyList<QuarantinedItem>> ReadAsync(QuarantineFilter filter) =>
        Quarantine.ReadAsync(filter, 0, 100, Cancel);

    private static QuarantinedItem Item(string key, string source, string reason) =>
        new(Hash(key), source, reason, "The currency XXX is not one.", new byte[] { 7, 8 }, Start);
}
