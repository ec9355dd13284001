using Lifecycle.Engine;

namespace Lifecycle.Compliance;

/// <summary>Callers who come at once, and callers who leave.</summary>
public abstract partial class CustomersCompliance
{
    [Fact]
    public async Task Callers_at_once_each_get_a_version_of_their_own_and_see_what_they_were_told()
    {
        // Few enough at once that the smallest host takes them.
        const int callers = 5, rounds = 8;
        var (ann, now) = (Id("ann"), Now);
        var receipts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var told = new List<Receipt>();
            for (var i = 0; i < rounds; i++)
            {
                told.Add(await TakeAsync(ann, Asked.Adjust($"{caller}-{i}", now, caller + 1)));
                var version = told[^1].Version;
                Assert.True((await ViewAsync(ann)).Version >= version);
                Assert.True((await StatusAsync(ann)).Known.Status.Version >= version);
                Assert.True((await Customers.ExtentAsync(ann, PointInTime.Now, Cancel))!.KnownSeq >= version);
                var newest = await Customers.EntriesAsync(ann, long.MaxValue, 1, Cancel);
                Assert.True(Assert.Single(newest!).Seq >= version);
            }

            return told;
        })));

        var inOrder = receipts.SelectMany(told => told).OrderBy(receipt => receipt.Version).ToArray();
        Assert.Equal(
            Enumerable.Range(1, callers * rounds).Select(n => (long)n), inOrder.Select(receipt => receipt.Version));
        Assert.All(inOrder.Zip(inOrder.Skip(1)), pair => Assert.True(pair.Second.Available > pair.First.Available));
        var sum = rounds * callers * (callers + 1) / 2;
        Assert.Equal((sum, sum), (inOrder[^1].Available, (await ViewAsync(ann)).Points.Available));
    }

    [Fact]
    public async Task The_same_input_from_many_at_once_counts_once()
    {
        var (ann, given) = (Id("ann"), Asked.Adjust("a", Now, 7));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => SendAsync(ann, given))));
        Assert.Single(outcomes, outcome => !Accepted(outcome).Replayed);
        Assert.All(outcomes, outcome => AssertSame(Accepted(outcomes[0]).Receipt, Accepted(outcome).Receipt));
        Assert.Equal((1, 7), (await VersionAsync(ann), (await ViewAsync(ann)).Points.Available));
    }

    [Fact]
    public async Task Merges_that_cross_make_one_customer()
    {
        var (ann, bob) = (Id("ann"), Id("bob"));
        await TakeAsync(ann, Asked.Adjust("1", Now, 5));
        await TakeAsync(bob, Asked.Adjust("2", Now, 60));
        var outcomes = await Task.WhenAll(
            Task.Run(() => MergeAsync(ann, bob)), Task.Run(() => MergeAsync(bob, ann)),
            Task.Run(() => SendAsync(bob, Asked.Adjust("3", Now, 700))));
        Assert.All(outcomes, outcome => Accepted(outcome));
        Assert.Single(outcomes[..2], outcome => !Accepted(outcome).Replayed);
        var ids = await Customers.IdentityAsync(ann, Cancel);
        Assert.Equal([ann, bob], ids!.Aliases.Select(alias => alias.Id).Append(ids.Customer).Order());
        Assert.Equal((765, 765), ((await ViewAsync(ann)).Points.Available, (await ViewAsync(bob)).Points.Available));
    }

    [Fact]
    public async Task Whoever_leaves_before_the_answer_may_ask_again_and_all_of_it_counts_once()
    {
        var (ann, now) = (Id("ann"), Now);
        var deliveries = Enumerable.Range(0, 24).Select(i => new Delivery(Asked.Adjust($"{i}", now, 1))).ToArray();
        foreach (var few in deliveries.Chunk(4))
        {
            using var gone = new CancellationTokenSource();
            var asked = few.Select(async (delivery, i) =>
            {
                if (i == 3) await gone.CancelAsync();
                await Task.WhenAny(Task.Run(() => Customers.ApplyAsync(ann, [delivery], gone.Token)));
            });
            await Task.WhenAll(asked.ToArray());
        }

        using var before = new CancellationTokenSource();
        await before.CancelAsync();
        // Either answer is right: there is one already, or nobody waited for it.
        var late = await Record.ExceptionAsync(
            async () => await Customers.ViewAsync(ann, PointInTime.Now, before.Token));
        Assert.True(late is null or OperationCanceledException, $"{late}");
        foreach (var delivery in deliveries) Accepted(await SendAsync(ann, delivery));
        Assert.Equal((24, 24), (await VersionAsync(ann), (await ViewAsync(ann)).Points.Available));
    }
}
