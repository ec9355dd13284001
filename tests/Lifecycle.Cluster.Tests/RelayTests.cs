using System.Collections.Concurrent;
using System.Globalization;
using Lifecycle.Cluster.Customers;
using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Cluster.Tests;

/// <summary>What goes between processes for a request with many customers.</summary>
public sealed class RelayTests(TestDatabase database)
{
    private const int CustomersCount = 80;

    private static readonly string[] Names =
        [.. Enumerable.Range(0, CustomersCount).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}"))];

    private int _inputs;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Those_of_another_process_are_asked_in_one_message_and_those_of_this_one_without_any()
    {
        var calls = new Calls();
        await using var cluster = await TestCluster.StartAsync(database, silos: 1);
        var asked = await cluster.AddAsync(
            builder => builder.Services.AddSingleton<IOutgoingGrainCallFilter>(calls));
        await GiveAsync(asked, Names);
        calls.Clear();

        await GiveAsync(asked, Names);

        var here = Names.Count(name => asked.Engine.Actors.Peek(asked.Engine.Secret.CustomerKeyOf(name)) is not null);
        Assert.InRange(here, 1, CustomersCount - 2);
        Assert.Equal(1, calls.Of(nameof(IRelay)));
        Assert.Equal(0, calls.Of(nameof(ICustomerGrain)));
        Assert.All(await BalancesAsync(asked), balance => Assert.Equal(2, balance));
    }

    [Fact]
    public async Task Who_leads_elsewhere_is_followed()
    {
        await using var cluster = await TestCluster.StartAsync(database, silos: 2);
        var asked = cluster.Silos[0];
        await GiveAsync(asked, Names);
        // Every second one is an alias of the one before.
        for (var i = 0; i < CustomersCount; i += 2)
        {
            Assert.IsType<Outcome.Accepted>(await asked.Engine.Customers.MergeAsync(
                Names[i], Names[i + 1], new LinkRequest("test", $"m{i}", Now), Cancel));
        }

        await GiveAsync(asked, Names);

        Assert.All(await BalancesAsync(asked), balance => Assert.Equal(4, balance));
    }

    [Fact]
    public async Task Who_has_moved_is_found()
    {
        await using var cluster = await TestCluster.StartAsync(database, silos: 2);
        var asked = cluster.Silos[0];
        await GiveAsync(asked, Names);
        await cluster.StopAsync(cluster.Silos[1]);
        await cluster.AddAsync();

        await GiveAsync(asked, Names);
        await GiveAsync(asked, Names);

        Assert.All(await BalancesAsync(asked), balance => Assert.Equal(3, balance));
    }

    private static Instant Now => Instant.From(TimeProvider.System.GetUtcNow());

    private async Task GiveAsync(TestSilo silo, IEnumerable<string> customers)
    {
        var request = customers.Select(name => new CustomerInputs(name, [new(Given())])).ToArray();
        await silo.Engine.Customers.ApplyAsync(request, Cancel);
        foreach (var one in request)
        {
            Assert.Null(one.Fault);
            Assert.IsType<Outcome.Accepted>(Assert.Single(one.Outcomes));
        }
    }

    private Input.AdjustPoints Given() =>
        new(1, "test", null) { Source = "test", Id = $"a{Interlocked.Increment(ref _inputs)}", OccurredAt = Now };

    private static async Task<long[]> BalancesAsync(TestSilo silo) => await Task.WhenAll(Names.Select(async name =>
        (await silo.Engine.Customers.StatusAsync(name, PointInTime.Now, Cancel))!.Value.Known.Status.Available));

    /// <summary>Counts what goes out, by interface.</summary>
    private sealed class Calls : IOutgoingGrainCallFilter
    {
        private readonly ConcurrentDictionary<string, int> _counts = new();

        public void Clear() => _counts.Clear();

        public int Of(string name) => _counts.GetValueOrDefault(name);

        public Task Invoke(IOutgoingGrainCallContext context)
        {
            _counts.AddOrUpdate(context.InterfaceMethod.DeclaringType!.Name, 1, (_, count) => count + 1);
            return context.Invoke();
        }
    }
}
