using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

public sealed class CustomerLoadsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Customers_who_are_asked_for_together_are_read_together()
    {
        const int customers = 200;
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        for (var i = 0; i < customers; i++) await fixture.TakeAsync($"c{i}", Some.Adjust("a", fixture.Clock.Now, i + 1));
        await fixture.ReopenAsync(s => store = new TestStore(s));
        var views = await Task.WhenAll(Enumerable.Range(0, customers).Select(
            async i => (await fixture.Customers.ViewAsync($"c{i}", PointInTime.Now, Cancel))!.Points.Available));
        Assert.Equal(Enumerable.Range(1, customers).Select(points => (long)points), views);
        Assert.Equal(customers, store!.Loads.Sum());
        Assert.InRange(store.Loads.Count, 1, customers / 4);
    }

    [Fact]
    public async Task A_read_that_fails_is_told_to_everyone_in_it_and_the_next_one_works()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        store!.Appends.ReadsFail = true;
        for (var round = 0; round < 2; round++)
        {
            var asked = Enumerable.Range(0, 20)
                .Select(i => fixture.Customers.ViewAsync($"c{i}", PointInTime.Now, Cancel)).ToArray();
            foreach (var view in asked) await Assert.ThrowsAsync<UnavailableException>(() => view);
        }

        store.Appends.ReadsFail = false;
        Assert.Null(await fixture.Customers.ViewAsync("c1", PointInTime.Now, Cancel));
    }
}
