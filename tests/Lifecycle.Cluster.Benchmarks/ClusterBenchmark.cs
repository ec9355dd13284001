using System.Globalization;
using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;

namespace Lifecycle.Cluster.Benchmarks;

/// <summary>Two processes of a cluster, all but their HTTP, over one PostgreSQL: ours beside the naive way.</summary>
internal sealed class ClusterBenchmark(TestSilo asked, TestSilo other, int customers)
{
    /// <summary>Events of a request, each of another customer.</summary>
    private const int RequestMax = 100;

    private const int RequestsAtOnce = 32;

    private readonly string[] _names =
        [.. Enumerable.Range(0, customers).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}"))];
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();
    private long _ids;

    private ICustomers Customers => asked.Engine.Customers;

    /// <summary>Every customer there, of both kinds.</summary>
    public async Task FillAsync()
    {
        var grains = asked.Get<IGrainFactory>();
        foreach (var some in _names.Chunk(RequestMax))
        {
            await Customers.ApplyAsync(
                [.. some.Select(name => new CustomerInputs(name, [new(Order())]))], CancellationToken.None);
            await Task.WhenAll(some.Select(name => grains.GetGrain<INaiveGrain>(name).ApplyAsync(
                new NaiveEvent("e0", "o0", 2_000, _start))));
        }
    }

    /// <summary>Events a second, requests of many events each.</summary>
    public Task<double> IngestAsync(TimeSpan time) => Loop.RunAsync(RequestsAtOnce, time, async call =>
    {
        var request = new CustomerInputs[RequestMax];
        for (var i = 0; i < request.Length; i++)
            request[i] = new(_names[(call * RequestMax + i) % _names.Length], [new(Order())]);
        await Customers.ApplyAsync(request, CancellationToken.None);
        foreach (var one in request)
            if (one.Fault is not null || one.Outcomes is not [Outcome.Accepted { Replayed: false }])
                throw new InvalidOperationException($"An event was not taken: {one.Fault}");
        return RequestMax;
    });

    /// <summary>Events a second, as many of them at once.</summary>
    public Task<double> NaiveIngestAsync(TimeSpan time)
    {
        var grains = asked.Get<IGrainFactory>();
        return Loop.RunAsync(RequestsAtOnce * RequestMax, time, async call =>
        {
            var id = Next();
            await grains.GetGrain<INaiveGrain>(_names[call % _names.Length])
                .ApplyAsync(new NaiveEvent($"e{id}", $"o{id}", 2_000, _start));
            return 1;
        });
    }

    /// <summary>Reads a second of customers that are in the process that is asked, or in the other one.</summary>
    public Task<double> StatusAsync(bool local, TimeSpan time)
    {
        var there = (local ? asked : other).Engine;
        var names = _names.Where(name => there.Actors.Peek(there.Secret.CustomerKeyOf(name)) is not null).ToArray();
        return Loop.RunAsync(callers: 64, time, async call =>
        {
            var status = await Customers.StatusAsync(
                names[call % names.Length], PointInTime.Now, CancellationToken.None);
            return status is null ? throw new InvalidOperationException("A customer is unknown.") : 1;
        });
    }

    /// <summary>Bytes of an activation that nobody uses, grain and actor and their places in the tables.</summary>
    public async Task<double> BytesPerIdleAsync(int more)
    {
        await RestAsync();
        var before = Memory();
        var residents = asked.Engine.Residents + other.Engine.Residents;
        for (var first = 0; first < more; first += RequestMax)
        {
            var request = Enumerable.Range(first, Math.Min(RequestMax, more - first))
                .Select(i => new CustomerInputs(string.Create(CultureInfo.InvariantCulture, $"idle{i}"), [new(Order())]))
                .ToArray();
            await Customers.ApplyAsync(request, CancellationToken.None);
        }

        await RestAsync();
        return (Memory() - before) / (double)(asked.Engine.Residents + other.Engine.Residents - residents);
    }

    /// <summary>Until the engine has packed everybody.</summary>
    private async Task RestAsync()
    {
        await Task.Delay(new EngineOptions().PackAfter + TimeSpan.FromSeconds(1));
        asked.Engine.Sweep();
        other.Engine.Sweep();
    }

    private static long Memory()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private Input.Event Order()
    {
        var id = Next();
        return new Input.Event(EventTypes.OrderPlaced, new EventData(
            [new(EventSchema.OrderId, Text: $"o{id}"), new(EventSchema.AmountMinor, Integer: 2_000)], [], default))
        {
            Source = "bench", Id = $"e{id}", OccurredAt = Instant.From(TimeProvider.System.GetUtcNow()),
        };
    }

    private long Next() => Interlocked.Increment(ref _ids);
}
