using System.Text;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Hosting;

public sealed class SealingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_private_is_in_no_file_and_is_read_back_with_the_key()
    {
        const string name = "Wilhelmina Zwetschgenmus";
        await using var fixture = await EngineFixture.OpenAsync(start: true);
        var visit = Some.Visit("v-1", fixture.Clock.Now);
        var document = Encoding.UTF8.GetBytes($$"""{"name":"{{name}}"}""");
        var named = visit with { Data = visit.Data with { Private = document } };
        await fixture.SendAsync("ann", named);
        await fixture.SendAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 5) with { Note = $"for {name}" });
        await fixture.SendAsync("ann", Some.Redeem("r-1", fixture.Clock.Now, 500, $"by {name}"));
        for (var round = 0; round < 2; round++)
        {
            var entries = await fixture.Customers.EntriesAsync("ann", long.MaxValue, 10, Cancel);
            Assert.Equal($"by {name}", Assert.IsType<Input.RedeemPoints>(entries![0].Input).Note);
            Assert.Equal($"for {name}", Assert.IsType<Input.AdjustPoints>(entries[1].Input).Note);
            Assert.Equal(document, Assert.IsType<Input.Event>(entries[2].Input).Data.Private.ToArray());
            await fixture.Engine.DisposeAsync();
            foreach (var path in Directory.GetFiles(fixture.Folder))
                Assert.Equal(-1, (await File.ReadAllBytesAsync(path, Cancel)).AsSpan().IndexOf("Zwetschgen"u8));
            await fixture.ReopenAsync(start: true);
        }
    }

    [Fact]
    public async Task One_customers_key_is_made_once_however_often_its_commit_fails()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        store!.Appends.FailAfter();
        store.Appends.FailBefore();
        Input Noted(int i) => Some.Adjust($"a-{i}", fixture.Clock.Now, 5) with { Note = $"note {i}" };
        await fixture.Customers.ApplyAsync("ann", [new(Noted(0)), new(Noted(1))], Cancel);
        await fixture.SendAsync("ann", Noted(2));
        await fixture.ReopenAsync();
        await fixture.SendAsync("ann", Noted(3));
        var entries = await fixture.Customers.EntriesAsync("ann", long.MaxValue, 10, Cancel);
        Assert.Equal(["note 3", "note 2", "note 1", "note 0"], entries!.Select(e => ((Input.AdjustPoints)e.Input).Note));
    }

    [Fact]
    public async Task A_key_that_cannot_be_unwrapped_stops_what_needs_it_and_nothing_else()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        Input Noted(int i) => Some.Adjust($"a-{i}", fixture.Clock.Now, 5) with { Note = $"note {i}" };
        await fixture.SendAsync("ann", Noted(0));
        await fixture.Engine.DisposeAsync();
        using (var session = new SqliteSession(
                   Path.Combine(fixture.Folder, "journal.db"), Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite, 1))
            Assert.Equal(1, session.Execute("update keys set sealed = randomblob(61)"));
        await fixture.ReopenAsync();
        Func<Task>[] calls =
            [() => fixture.SendAsync("ann", Noted(1)), () => fixture.Customers.EntriesAsync("ann", 9, 9, Cancel)];
        foreach (var call in calls)
            Assert.Equal(UnavailableCodes.Isolated, (await Assert.ThrowsAsync<UnavailableException>(call)).Code);
        await fixture.TakeAsync("ann", Some.Adjust("a-2", fixture.Clock.Now, 5));
        Assert.Equal(10, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Points.Available);
    }
}
