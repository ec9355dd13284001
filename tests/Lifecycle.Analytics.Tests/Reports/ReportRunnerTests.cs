using System.Collections.Immutable;
using Lifecycle.Analytics.Reports;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Analytics.Tests.Reports;

/// <summary>RFM over a real journal whose entries are written here, effect by effect.</summary>
public sealed class ReportRunnerTests : IAsyncLifetime
{
    private static readonly Instant Day0 = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private SqliteStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await SqliteStore.OpenAsync(
        new SqliteOptions { Folder = _folder }, TimeProvider.System, NullLogger.Instance);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Only_valid_orders_that_had_occurred_count()
    {
        await AppendAsync("a", Order(1, 500), Order(3, 700), Order(40, 900));
        await AppendAsync("b", Order(2, 100), Order(3, 0, counts: false));

        var totals = await TotalsAsync(new PointInTime(Day0.PlusDays(10), null));

        // a: two orders, the last 7 days ago; b: one, 8 days ago.
        Assert.Equal((2m, 15m, 3m, 1_300m), totals);
    }

    [Fact]
    public async Task What_was_recorded_later_was_not_known()
    {
        await AppendAsync("a", Order(1, 500));
        await AppendAsync("b", Order(1, 300) with { RecordedAt = Day0.PlusDays(20) });

        var known = await TotalsAsync(new PointInTime(Day0.PlusDays(10), Day0.PlusDays(10)));
        var now = await TotalsAsync(new PointInTime(Day0.PlusDays(10), null));

        Assert.Equal((1m, 500m), (known.Customers, known.Monetary));
        Assert.Equal((2m, 800m), (now.Customers, now.Monetary));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_stops_the_report_and_is_named()
    {
        await AppendAsync("a", Order(1, 500));
        var row = new JournalRow(
            new(new(1, 1)), 1, null, Day0, Day0, Day0, Hash16.Zero, new(2, 2), new byte[] { 255, 1, 2 });
        await _store.Journal.AppendAsync(
            new([row], [], []), TestContext.Current.CancellationToken);

        var fault = await Assert.ThrowsAsync<StoreException>(
            () => TotalsAsync(new PointInTime(Day0.PlusDays(10), null)));

        Assert.Contains("position 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_names_the_position_it_is_true_for()
    {
        await AppendAsync("a", [.. Enumerable.Range(1, 7).Select(day => Order(day, 100))]);

        var table = await new ReportRunner(_store, TimeProvider.System)
            .RunAsync("rfm", PointInTime.Now, TestContext.Current.CancellationToken);

        Assert.Equal(7, table!.Position);
        Assert.Equal(10, table.Rows.Length);
    }

    [Fact]
    public async Task An_unknown_name_has_no_report() => Assert.Null(
        await new ReportRunner(_store, TimeProvider.System)
            .RunAsync("rmf", PointInTime.Now, TestContext.Current.CancellationToken));

    /// <summary>Customers, and recency, frequency and monetary summed over all of them.</summary>
    private async Task<(decimal Customers, decimal Recency, decimal Frequency, decimal Monetary)> TotalsAsync(
        PointInTime when)
    {
        var table = await new ReportRunner(_store, TimeProvider.System)
            .RunAsync("rfm", when, TestContext.Current.CancellationToken);
        var rows = table!.Rows.Where(row => row[1] != new ReportCell.Whole(0)).ToList();
        decimal Count(ImmutableArray<ReportCell> row) => ((ReportCell.Whole)row[1]).Value;
        decimal Sum(int column) => rows.Sum(row => Count(row) * ((ReportCell.Number)row[column]).Value);
        return (rows.Sum(Count), Sum(2), Sum(3), Sum(4));
    }

    private static Entry Order(int day, long minor, bool counts = true)
    {
        var at = Day0.PlusDays(day);
        var key = OrderKey.Of($"o-{day}");
        return new Entry
        {
            Seq = 0,
            EventKey = null,
            OccurredAt = at,
            RecordedAt = at,
            At = at,
            Historical = false,
            ProgramVersion = 1,
            BodyHash = Hash16.Zero,
            Input = new Input.Event(EventTypes.OrderPlaced, EventData.Empty)
            {
                Source = "shop",
                Id = $"o-{day}",
                OccurredAt = at,
            },
            Effects = [new Effect.OrderCounted(key, at, day, minor, minor, 0, 1, counts, at, 0)],
            After = new After(0, 0, 0, "New", Instant.Never),
        };
    }

    private async Task AppendAsync(string id, params Entry[] entries)
    {
        var customer = new CustomerKey(new Hash16(1, id[0]));
        var rows = entries.Select((entry, index) =>
        {
            var numbered = entry with { Seq = index + 1 };
            return new JournalRow(
                customer, numbered.Seq, null, entry.OccurredAt, entry.RecordedAt, entry.At, HashOf(index),
                HashOf(index + 1), EntryCodec.Encode(numbered, null, default));
        });
        var result = await _store.Journal.AppendAsync(
            new JournalBatch([.. rows], [new NewCustomer(customer, id, Day0)], []),
            TestContext.Current.CancellationToken);
        Assert.Empty(result.Conflicts);
    }

    private static Hash16 HashOf(int seq) => seq == 0 ? Hash16.Zero : new Hash16(2, (ulong)seq);
}
