using System.Text;
using Lifecycle.Domain.Inputs;
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
        var named = visit with { Data = visit.Data with { Private = Encoding.UTF8.GetBytes($$"""{"name":"{{name}}"}""") } };
        await fixture.SendAsync("ann", named);
        await fixture.SendAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 5) with { Note = $"for {name}" });
        await fixture.SendAsync("ann", Some.Redeem("r-1", fixture.Clock.Now, 500, $"by {name}"));
        for (var round = 0; round < 2; round++)
        {
            var entries = await fixture.Customers.EntriesAsync("ann", long.MaxValue, 10, Cancel);
            Assert.Equal($"by {name}", Assert.IsType<Input.RedeemPoints>(entries![0].Input).Note);
            Assert.Equal($"for {name}", Assert.IsType<Input.AdjustPoints>(entries[1].Input).Note);
            Assert.Equal(named.Data.Private.ToArray(), Assert.IsType<Input.Event>(entries[2].Input).Data.Private.ToArray());
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
}
