using System.Text.Json;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Tests.Support;
using Lifecycle.Engine.Verification;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>Customers whom nobody uses are kept packed, and nobody notices.</summary>
public sealed class RestingTests
{
    private static readonly EngineOptions Options = new() { PackAfter = TimeSpan.FromSeconds(5) };

    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_who_was_not_used_for_a_while_rests_and_only_until_the_next_use()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s), Options);
        await LiveAsync(fixture, "ann");
        await LiveAsync(fixture, "bob");
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(4));
        fixture.Engine.Sweep();
        Assert.Equal(0, fixture.Engine.Packed);
        await fixture.TakeAsync("bob", Some.Visit("later", fixture.Clock.Now));
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(2));
        fixture.Engine.Sweep();
        Assert.Equal((1, 2), (fixture.Engine.Packed, fixture.Engine.Residents));
        await fixture.Customers.StatusAsync("ann", PointInTime.Now, Cancel);
        Assert.Equal(0, fixture.Engine.Packed);
        // One read for each: who rests is in memory.
        Assert.Equal(2, store!.Loads.Count);
    }

    [Fact]
    public async Task Every_answer_to_one_who_rests_is_that_to_one_who_never_does()
    {
        var resting = await AnswersAsync(Options, resting: 1);
        Assert.Equal(await AnswersAsync(new() { PackAfter = TimeSpan.FromHours(1) }, resting: 0), resting);
        Assert.Contains("\"Replayed\":true", string.Concat(resting), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_whose_entries_are_being_written_does_not_rest_before_they_are()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s), Options);
        await LiveAsync(fixture, "ann");
        var hold = store!.Appends.HoldAppends();
        using var leaving = new CancellationTokenSource();
        var left = fixture.Customers.ApplyAsync(
            "ann", [new Delivery(Some.Adjust("held", fixture.Clock.Now, 7))], leaving.Token);
        await hold.Arrived.WaitAsync(Cancel);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await RestAsync(fixture, expected: 0);
        hold.Release();
        var again = await fixture.TakeAsync("ann", Some.Adjust("held", fixture.Clock.Now.Plus(-6_000_000), 7));
        Assert.Equal((true, 507 - 100), (again.Replayed, again.Receipt.Available));
        await RestAsync(fixture);
        Assert.Equal(
            again.Receipt.Version, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_rests_is_read_anew_after_somebody_else_may_have_written(bool sweeps)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s), Options);
        await LiveAsync(fixture, "ann");
        await RestAsync(fixture);
        store!.Owned = () => false;
        await fixture.Engine.Gate.RenewAsync(Cancel);
        await using (var other = await fixture.OpenSecondEngineAsync())
            await other.Customers.ApplyAsync(
                "ann", [new Delivery(Some.Adjust("theirs", fixture.Clock.Now, 11))], Cancel);
        store.Owned = null;
        await fixture.Engine.Gate.RenewAsync(Cancel);
        // Idle as they are, they leave: what they have is of no use.
        if (sweeps) fixture.Engine.Sweep();
        Assert.Equal(sweeps ? 0 : 1, fixture.Engine.Residents);
        Assert.Equal(
            411, (await fixture.Customers.StatusAsync("ann", PointInTime.Now, Cancel))!.Value.Known.Status.Available);
    }

    [Fact]
    public async Task A_verification_sees_those_who_rest_and_lets_them()
    {
        await using var fixture = await EngineFixture.OpenAsync(options: Options);
        await LiveAsync(fixture, "ann");
        await RestAsync(fixture);
        await fixture.VerifyAsync();
        Assert.Equal(1, fixture.Engine.Packed);
        var file = Path.Combine(fixture.Folder, "journal.db");
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "delete from journal where position = (select max(position) from journal)";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        var report = await fixture.Engine.VerifyAsync(null, Cancel);
        Assert.Contains(report.Violations, violation => violation.Code == ViolationCodes.Live);
    }

    /// <summary>Some entries: 400 points are left.</summary>
    private static async Task LiveAsync(EngineFixture fixture, string customer)
    {
        var now = fixture.Clock.Now;
        await fixture.TakeAsync(customer, Some.Adjust("a", now, 500));
        await fixture.TakeAsync(customer, Some.Order("o-1", now, 12_900, ("A", 3, 12_900)));
        await fixture.TakeAsync(customer, Some.Redeem("r-1", now, 100, "for a friend"));
        await fixture.TakeAsync(customer, Some.Return("t-1", now, "o-1", 900));
        for (var i = 0; i < 10; i++) await fixture.TakeAsync(customer, Some.Visit($"v-{i}", now));
    }

    /// <summary>All that can be asked and sent, each after a pause.</summary>
    private static async Task<List<string>> AnswersAsync(EngineOptions options, int resting)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s), options);
        var start = fixture.Clock.Now;
        await LiveAsync(fixture, "ann");
        var asked = fixture.Customers;
        Func<Task<object?>>[] steps =
        [
            async () => (await asked.StatusAsync("ann", PointInTime.Now, Cancel))!.Value.Known.Status,
            async () => await asked.ViewAsync("ann", PointInTime.Now, Cancel),
            async () => await asked.ExplainAsync("ann", "points.available", PointInTime.Now, 100, Cancel),
            async () => await asked.ExtentAsync("ann", PointInTime.Now, Cancel),
            async () => await asked.WhatIfAsync(
                "ann", [new Delivery(Some.Redeem("if", start, 10))], PointInTime.Now, null, Cancel),
            async () => await fixture.SendAsync("ann", Some.Adjust("a", start, 500)),
            async () => await fixture.SendAsync("ann", Some.Redeem("stale", start, 5), ifMatch: 1),
            async () => await fixture.SendAsync("ann", Some.Redeem("r-2", start, 50_000)),
            async () => await fixture.SendAsync("ann", Some.Redeem("r-3", start, 5)),
            async () => await fixture.SendAsync("ann", Some.Visit("v-9", start)),
            async () => await fixture.SendAsync("ann", Some.Visit("newest", fixture.Clock.Now)),
            async () => await fixture.SendAsync("ann", Some.Return("t-2", fixture.Clock.Now, "o-1", 900)),
        ];
        var answers = new List<string>();
        foreach (var step in steps)
        {
            await RestAsync(fixture, resting);
            var answer = await step();
            answers.Add($"{JsonSerializer.Serialize(answer, answer!.GetType(), WithFields)} {store!.Appends.Finds}");
            Assert.Equal(0, fixture.Engine.Packed);
        }

        Assert.Single(store!.Loads);
        await fixture.VerifyAsync();
        return answers;
    }

    private static async Task RestAsync(EngineFixture fixture, int expected = 1)
    {
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(6));
        fixture.Engine.Sweep();
        Assert.Equal(expected, fixture.Engine.Packed);
    }
}
