using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Population;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Tests.Population;

public sealed class CustomerScanTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_that_is_missing_or_of_no_use_costs_a_fold_and_not_a_customer()
    {
        await using var fixture = await FillAsync();
        var table = fixture.Engine.Store.Projection;
        await fixture.Engine.Projector.FlushAsync(Cancel);
        await LoseRowAsync(fixture, fixture.Engine.Secret.CustomerKeyOf("c1"));
        var row = await table.ReadAsync(fixture.Engine.Secret.CustomerKeyOf("c2"), Cancel);
        await table.WriteAsync([row! with { State = row.State[..30] }], 12, Cancel);
        var cut = await fixture.Engine.Scan.CutAsync(Cancel);
        await fixture.SendAsync("c3", Some.Adjust("late", fixture.Clock.Now, 1_000));
        await fixture.SendAsync("new", Some.Adjust("late", fixture.Clock.Now, 1_000));

        var found = await ReadAsync(fixture, cut, null);
        Assert.Equal(
            [("c0", 10L), ("c1", 11), ("c2", 12), ("c3", 13)],
            found.Select(c => (c.Name, c.View.Points.Available)).Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public async Task The_shares_of_a_scan_are_the_whole_of_it_in_the_same_order(int shares)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.StartProjectionAsync();
        for (var i = 0; i < 40; i++)
            await fixture.SendAsync($"c{i}", Some.Adjust("a", fixture.Clock.Now, 1));
        var cut = await fixture.Engine.Scan.CutAsync(Cancel);

        var found = new List<ScannedCustomer>();
        for (var share = 0; share < shares; share++)
        {
            var all = await ReadAsync(fixture, cut, new(share, shares), null);
            // From any of them on comes the rest of the share and nothing of the next.
            if (all.Count > 0)
                Assert.Equal(all[1..].Select(c => c.Key),
                    (await ReadAsync(fixture, cut, new(share, shares), all[0].Key)).Select(c => c.Key));
            found.AddRange(all);
        }

        Assert.Equal((await ReadAsync(fixture, cut, null)).Select(c => c.Key), found.Select(c => c.Key));
        Assert.Equal(40, found.Count);
    }

    [Fact]
    public async Task A_customer_whose_journal_is_damaged_stops_the_scan_which_goes_on_without_them()
    {
        await using var fixture = await FillAsync();
        var cut = await fixture.Engine.Scan.CutAsync(Cancel);
        var all = await ReadAsync(fixture, cut, null);
        var damaged = all[1];
        await LoseRowAsync(fixture, damaged.Key);
        await using (var journal = new SqliteConnection(
            $"Data Source={Path.Combine(fixture.Folder, "journal.db")};Pooling=false"))
        {
            await journal.OpenAsync(Cancel);
            using var command = journal.CreateCommand();
            command.CommandText = "update journal set body = zeroblob(length(body)) where customer = $1 and seq = 2";
            command.Parameters.AddWithValue("$1", damaged.Key.Value.ToArray());
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        var stopped = await Assert.ThrowsAsync<UnavailableException>(() => ReadAsync(fixture, cut, null));
        Assert.Equal(UnavailableCodes.Isolated, stopped.Code);
        Assert.Contains($"after={damaged.Name}.", stopped.Message, StringComparison.Ordinal);
        var after = await fixture.Engine.Scan.FindAsync(damaged.Name, Cancel);
        Assert.Equal(all.Skip(2).Select(c => c.Name), (await ReadAsync(fixture, cut, after)).Select(c => c.Name));
    }

    [Fact]
    public async Task A_customer_is_found_by_id_and_by_the_key_that_stands_for_an_erased_one()
    {
        await using var fixture = await FillAsync();
        var key = fixture.Engine.Secret.CustomerKeyOf("c1");

        Assert.Equal(key, await fixture.Engine.Scan.FindAsync("c1", Cancel));
        Assert.Equal(key, await fixture.Engine.Scan.FindAsync(key.ToString(), Cancel));
        Assert.Null(await fixture.Engine.Scan.FindAsync("c9", Cancel));
        Assert.Null(await fixture.Engine.Scan.FindAsync(new string('a', 32), Cancel));
    }

    [Fact]
    public void The_text_of_a_cut_is_the_one_that_clients_keep()
    {
        var cut = new ScanCut(new Hash16(0x0102030405060708, 0x090A0B0C0D0E0F10), 4_001, new Instant(1_795_000_000_000_001));

        Assert.Equal("AQECAwQFBgcICQoLDA0ODxAAAAAAAAAPoQAGYIsBXzAB", cut.ToString());
        Assert.Equal(cut, ScanCut.Parse("AQECAwQFBgcICQoLDA0ODxAAAAAAAAAPoQAGYIsBXzAB"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AQECAwQFBgcICQoLDA0ODxAAAAAAAAAPoQAGYIsBXzA")]
    [InlineData("AgECAwQFBgcICQoLDA0ODxAAAAAAAAAPoQAGYIsBXzAB")]
    [InlineData("AQECAwQFBgcICQoLDA0ODxD_AAAAAAAPoQAGYIsBXzAB")]
    [InlineData("AQECAwQFBgcICQoLDA0ODxAAAAAAAAAPoX__________")]
    [InlineData("积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分积分")]
    public void A_text_that_is_no_cut_is_refused_by_name(string text) => Assert.Equal(
        FeedCursorException.Malformed, Assert.Throws<FeedCursorException>(() => ScanCut.Parse(text)).Code);

    /// <summary>Four customers with three entries each and 10, 11, 12, 13 points.</summary>
    private static async Task<EngineFixture> FillAsync()
    {
        var fixture = await EngineFixture.OpenAsync();
        await fixture.StartProjectionAsync();
        for (var i = 0; i < 12; i++)
            await fixture.SendAsync($"c{i % 4}", Some.Adjust($"a-{i}", fixture.Clock.Now, i < 4 ? 8 + i : 1));
        return fixture;
    }

    private static async Task LoseRowAsync(EngineFixture fixture, CustomerKey customer)
    {
        await using var table = new SqliteConnection(
            $"Data Source={Path.Combine(fixture.Folder, "projection.db")};Pooling=false");
        await table.OpenAsync(Cancel);
        using var command = table.CreateCommand();
        command.CommandText = "delete from customers where customer = $1";
        command.Parameters.AddWithValue("$1", customer.Value.ToArray());
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private static Task<List<ScannedCustomer>> ReadAsync(EngineFixture fixture, ScanCut cut, CustomerKey? after) =>
        ReadAsync(fixture, cut, KeyShare.All, after);

    private static async Task<List<ScannedCustomer>> ReadAsync(
        EngineFixture fixture, ScanCut cut, KeyShare share, CustomerKey? after)
    {
        var found = new List<ScannedCustomer>();
        await foreach (var page in fixture.Engine.Scan.ReadAsync(cut, share, after, null, Cancel)) found.AddRange(page);
        return found;
    }
}
