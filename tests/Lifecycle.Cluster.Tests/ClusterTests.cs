using Lifecycle.Cluster.Customers;
using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;

namespace Lifecycle.Cluster.Tests;

/// <summary>Customers while processes of their cluster come and go.</summary>
public sealed class ClusterTests(TestDatabase database)
{
    private const int CustomersCount = 60;

    private static readonly string[] Names = [.. Enumerable.Range(0, CustomersCount).Select(i => $"c{i}")];

    private int _inputs;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Customers_live_in_every_process_and_each_in_one()
    {
        await using var cluster = await TestCluster.StartAsync(database, silos: 3);
        foreach (var silo in cluster.Silos) await GiveEachAsync(silo, 10);

        foreach (var silo in cluster.Silos)
            Assert.All(await BalancesAsync(silo), balance => Assert.Equal(30, balance));
        var residents = cluster.Silos.Select(silo => silo.Engine.Residents).ToArray();
        Assert.Equal(CustomersCount, residents.Sum());
        Assert.All(residents, count => Assert.True(count > 0, "A process has no customers."));
        var report = await cluster.Silos[0].Engine.VerifyAsync(null, Cancel);
        Assert.Empty(report.Violations);
        Assert.Equal(3 * CustomersCount, report.Entries);
    }

    [Fact]
    public async Task Customers_of_a_process_that_leaves_are_elsewhere_at_once()
    {
        await using var cluster = await TestCluster.StartAsync(database, silos: 2);
        await GiveEachAsync(cluster.Silos[0], 10);
        // Longer than anybody waits: who leaves in good order has no lease that would be waited for.
        await cluster.StopAsync(cluster.Silos[1]);

        await GiveEachAsync(cluster.Silos[0], 5);

        Assert.All(await BalancesAsync(cluster.Silos[0]), balance => Assert.Equal(15, balance));
        Assert.Equal(CustomersCount, cluster.Silos[0].Engine.Residents);
    }

    [Fact]
    public async Task Nothing_fails_while_a_process_joins_and_another_leaves()
    {
        await using var cluster = await TestCluster.StartAsync(database, silos: 2);
        await GiveEachAsync(cluster.Silos[0], 1);
        using var stop = new CancellationTokenSource();
        var rounds = WriteUntilAsync(cluster.Silos[0], stop.Token);
        await cluster.AddAsync();
        await cluster.StopAsync(cluster.Silos[1]);
        await stop.CancelAsync();

        var written = await rounds;

        Assert.True(written > 0, "Nothing was written meanwhile.");
        foreach (var silo in cluster.Silos)
            Assert.All(await BalancesAsync(silo), balance => Assert.Equal(1 + written, balance));
    }

    [Fact]
    public async Task A_front_alone_is_not_ready_and_goes_on_with_the_first_who_holds_customers()
    {
        await using var cluster = await TestCluster.StartAsync(database, silos: 0);
        var front = await cluster.AddAsync(("Lifecycle:Cluster:Role", "front"));
        Assert.True(await IsUnavailableAsync(front));
        Assert.Equal([ClusterReadiness.NobodyHoldsCustomers], front.Get<IReadiness>().Problems);

        await cluster.AddAsync(("Lifecycle:Cluster:Role", "worker"));

        await front.ReadyAsync(Cancel);
        await GiveEachAsync(front, 1);
        Assert.All(await BalancesAsync(front), balance => Assert.Equal(1, balance));
        Assert.Equal(0, front.Engine.Residents);
    }

    [Fact]
    public async Task What_a_process_keeps_of_a_customer_is_where_the_next_one_begins()
    {
        await using var cluster = await TestCluster.StartAsync(database, silos: 1);
        await GiveEachAsync(cluster.Silos[0], 1);
        var first = cluster.Silos[0];
        var key = first.Engine.Secret.CustomerKeyOf(Names[0]);
        for (var i = 0; i < 250; i++) await GiveAsync(first, Names[0], 1);
        var next = await cluster.AddAsync();
        await cluster.StopAsync(first);

        Assert.Equal(251, (await StatusAsync(next, Names[0])).Available);
        Assert.Equal(251, next.Engine.Actors.Peek(key)?.Actor.Resident?.Seq);
    }

    private Task GiveEachAsync(TestSilo silo, long points) =>
        Task.WhenAll(Names.Select(name => GiveAsync(silo, name, points)));

    private async Task GiveAsync(TestSilo silo, string customer, long points)
    {
        var input = new Input.AdjustPoints(points, "test", null)
        {
            Source = "test", Id = $"a{Interlocked.Increment(ref _inputs)}",
            OccurredAt = Instant.From(TimeProvider.System.GetUtcNow()),
        };
        var outcomes = await silo.Engine.Customers.ApplyAsync(customer, [new Delivery(input)], Cancel);
        // Perhaps of a call that had been answered by a process that left before the answer arrived.
        Assert.IsType<Outcome.Accepted>(Assert.Single(outcomes));
    }

    private async Task<int> WriteUntilAsync(TestSilo silo, CancellationToken stop)
    {
        var rounds = 0;
        for (; !stop.IsCancellationRequested; rounds++) await GiveEachAsync(silo, 1);
        return rounds;
    }

    private static async Task<bool> IsUnavailableAsync(TestSilo silo)
    {
        try
        {
            await silo.Engine.Customers.StatusAsync(Names[0], PointInTime.Now, Cancel);
            return false;
        }
        catch (UnavailableException e) when (e.Code == UnavailableCodes.Unavailable)
        {
            return true;
        }
    }

    private static async Task<long[]> BalancesAsync(TestSilo silo) =>
        await Task.WhenAll(Names.Select(async name => (await StatusAsync(silo, name)).Available));

    private static async Task<Domain.Customers.CustomerStatus> StatusAsync(TestSilo silo, string customer)
    {
        var reading = await silo.Engine.Customers.StatusAsync(customer, PointInTime.Now, Cancel);
        Assert.NotNull(reading);
        return reading.Value.Known.Status;
    }
}
