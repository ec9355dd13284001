using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Tests.Support;
using Lifecycle.Engine.Verification;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Tests.Verification;

public sealed class VerifierTests
{
    private const string NotFifth = "event_key is not null and position <> 5";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lived_journal_holds_every_invariant()
    {
        await using var fixture = await LiveAsync();
        var report = await Verifier.VerifyAsync(fixture.Engine.Store, null, Cancel);
        Assert.Empty(report.Violations);
        Assert.Equal((0, 3), (report.ViolationsFound, report.Customers));
        Assert.Equal(await fixture.Engine.Store.Journal.ReadHeadAsync(Cancel), report.Entries);
        Assert.True(report.Entries > 40, $"Only {report.Entries} entries were made.");
        Assert.Equal(report.Entries, report.Position);
    }

    [Fact]
    public async Task An_empty_store_holds_every_invariant()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var report = await Verifier.VerifyAsync(fixture.Engine.Store, null, Cancel);
        Assert.Equal((0, 0, 0), (report.Entries, report.Customers, report.ViolationsFound));
    }

    [Fact]
    public async Task A_folder_is_verified_beside_its_server_with_progress()
    {
        await using var fixture = await LiveAsync();
        await using var reader = await SqliteStore.OpenReadOnlyAsync(fixture.Folder);
        var progress = new Told();
        var report = await Verifier.VerifyAsync(reader, progress, Cancel);
        Assert.Empty(report.Violations);
        Assert.Equal(new(report.Entries, report.Position, report.Customers), progress.Last);
    }

    [Theory]
    [InlineData("update journal set body = cast(substr(body, 1, length(body) - 1) || x'ff' as blob) where position = 5", "chain")]
    [InlineData("update journal set occurred_at = occurred_at + 1 where position = 5", "chain")]
    [InlineData("update journal set event_key = zeroblob(16) where position = 5", "chain")]
    [InlineData("update journal set prev = zeroblob(16) where seq = 3", "chain")]
    [InlineData("delete from journal where seq = 2", "chain, positions")]
    [InlineData(
        """
        update journal set position = -position where seq <= 2
            and customer = (select min(customer) from journal where seq = 2);
        update journal set position = position - (select sum(position) from journal where position < 0)
            where position < 0
        """, "positions")]
    [InlineData("delete from journal where position = (select max(position) - 1 from journal)", "positions")]
    public async Task A_changed_journal_is_noticed(string tampering, string codes)
    {
        var found = await TamperAsync("journal.db", tampering);
        Assert.All(codes.Split(", "), code => Assert.Contains(code, found));
    }

    [Theory]
    [InlineData("update customers set available = available + 1", "projection")]
    [InlineData("update customers set stage = 'Loyal2'", "projection")]
    [InlineData("update customers set due_at = 5", "projection")]
    [InlineData("update customers set hash = zeroblob(16)", "projection")]
    [InlineData("delete from customers", "watermark")]
    [InlineData("update customers set seq = seq + 100", "watermark")]
    [InlineData("update customers set customer = randomblob(16)", "watermark")]
    public async Task A_projection_that_differs_from_the_replay_is_noticed(string tampering, string code) =>
        Assert.Equal([code], await TamperAsync("projection.db", tampering));

    [Fact]
    public async Task An_entry_that_is_missing_in_the_index_of_event_keys_is_named()
    {
        var report = await SpoilIndexAsync(
            [
                "drop index journal_event_key",
                $"create unique index journal_event_key on journal (event_key) where {NotFifth}",
            ]);
        var violation = Assert.Single(report.Violations);
        Assert.Equal(ViolationCodes.EventKeyIndex, violation.Code);
        Assert.NotNull(violation.Customer);
        Assert.Contains("leads to no entry", violation.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_of_the_index_of_event_keys_that_points_to_nothing_is_noticed()
    {
        // While the index is said to leave the row out, the row is deleted without it.
        var report = await SpoilIndexAsync(
            [
                "pragma writable_schema = on",
                $"update sqlite_master set sql = replace(sql, 'event_key is not null', '{NotFifth}') " +
                "where name = 'journal_event_key'",
            ],
            ["delete from journal where position = 5"]);
        var violation = Assert.Single(report.Violations, v => v.Code == ViolationCodes.EventKeyIndex);
        Assert.Null(violation.Customer);
    }

    [Fact]
    public async Task Two_entries_of_one_event_key_are_noticed()
    {
        var report = await SpoilIndexAsync(
            [
                "drop index journal_event_key",
                "update journal set event_key = (select event_key from journal where position = 1) where position = 5",
                "create index journal_event_key on journal (event_key) where event_key is not null",
            ]);
        // The hash of the second covers its own key.
        Assert.Equal(
            [ViolationCodes.Chain, ViolationCodes.EventKeyIndex], report.Violations.Select(v => v.Code).Order());
        Assert.Contains(report.Violations, v => v.Detail.Contains("leads to entry 1 of", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_snapshot_that_differs_from_the_replay_is_noticed()
    {
        await using var fixture = await LiveAsync();
        var rows = await fixture.Engine.Store.Projection.ScanAsync(null, 10, Cancel);
        // The snapshot of another customer's equal seq would be loaded without a question.
        var state = rows[0].State.ToArray();
        state[^1] ^= 2;
        await fixture.Engine.Store.Projection.WriteAsync([rows[0] with { State = state }], 0, Cancel);
        var report = await Verifier.VerifyAsync(fixture.Engine.Store, null, Cancel);
        var violation = Assert.Single(report.Violations);
        Assert.Equal((ViolationCodes.Projection, rows[0].Customer), (violation.Code, violation.Customer));
    }

    /// <summary>Three customers who buy, spend, return, come late and fall silent for two years.</summary>
    private static async Task<EngineFixture> LiveAsync()
    {
        var fixture = await EngineFixture.OpenAsync(start: true);
        var clock = fixture.Clock;
        string[] names = ["ann", "bob", "cid"];
        for (var round = 0; round < 4; round++)
        {
            foreach (var name in names)
            {
                await fixture.ApplyAsync(name, Some.Order($"o-{round}", clock.Now, 12_900, ("A", 3, 12_900)));
                await fixture.ApplyAsync(name, Some.Visit($"v-{round}", clock.Now.PlusDays(-3)));
            }

            await fixture.AdvanceAsync(TimeSpan.FromDays(20));
            await fixture.ApplyAsync("ann", Some.Redeem($"r-{round}", clock.Now, 100));
            await fixture.ApplyAsync("bob", Some.Redeem($"r-{round}", clock.Now, 100_000));
            await fixture.ApplyAsync(
                "ann", Some.Return($"t-{round}", clock.Now, $"o-{round}", null, ("A", 1, 4_300)));
            await fixture.ApplyAsync("cid", Some.Return($"t-{round}", clock.Now, "never", 500));
            await fixture.ApplyAsync("cid", Some.Adjust($"a-{round}", clock.Now, round % 2 == 0 ? 70 : -50));
        }

        await fixture.AdvanceAsync(TimeSpan.FromDays(730));
        foreach (var name in names)
            await fixture.ApplyAsync(name, Some.Order("late", clock.Now.PlusDays(-500), 5_000));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        return fixture;
    }

    private static async Task<IEnumerable<string>> TamperAsync(string file, string sql)
    {
        await using var fixture = await LiveAsync();
        Assert.NotEqual(0, Execute(Path.Combine(fixture.Folder, file), sql));
        await using var reader = await SqliteStore.OpenReadOnlyAsync(fixture.Folder);
        var report = await Verifier.VerifyAsync(reader, null, Cancel);
        Assert.Equal(report.ViolationsFound, report.Violations.Length);
        return report.Violations.Select(v => v.Code).Distinct().Order();
    }

    /// <summary>Does each group over a connection of its own; in the end the index is said to be as it was.</summary>
    private static async Task<VerificationReport> SpoilIndexAsync(params string[][] groups)
    {
        await using var fixture = await LiveAsync();
        await fixture.Engine.DisposeAsync();
        var path = Path.Combine(fixture.Folder, "journal.db");
        foreach (var group in groups) Execute(path, group);
        Execute(
            path, "pragma writable_schema = on",
            $"update sqlite_master set sql = replace(sql, '{NotFifth}', 'event_key is not null') " +
            "where name = 'journal_event_key'");
        await using var reader = await SqliteStore.OpenReadOnlyAsync(fixture.Folder);
        return await Verifier.VerifyAsync(reader, null, Cancel);
    }

    /// <summary>Answers how many rows the last statement changed.</summary>
    private static int Execute(string path, params string[] statements)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        var changed = 0;
        foreach (var sql in statements)
        {
#pragma warning disable CA2100 // The statements are those of the test's own cases.
            command.CommandText = sql;
#pragma warning restore CA2100
            changed = command.ExecuteNonQuery();
        }

        return changed;
    }

    private sealed class Told : IProgress<VerificationProgress>
    {
        public VerificationProgress Last { get; private set; }

        public void Report(VerificationProgress value) => Last = value;
    }
}
