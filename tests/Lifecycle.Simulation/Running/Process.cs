using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Running;

/// <summary>One process with its own engine, clock and connection to the store.</summary>
internal sealed class Process
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10), BackfillQuiet = TimeSpan.FromSeconds(30);

    private readonly Action _close;
    private readonly Action<string> _report;

    public Process(
        int number, SimThread thread, MemoryDisk disk, Random random, Counts counts, Planting planting,
        Action<string> report)
    {
        _report = report;
        Number = number;
        Scheduler = new(thread);
        Clock = new(thread, Scheduler);
        Weather = new(thread, Scheduler, disk, random, counts);
        var store = new MemoryStore(disk, Weather)
        {
            Contact = () =>
            {
                if (!IsReplaced) HeldAt = thread.Now;
                return new(!IsReplaced, Instant.From(SimClock.Start.AddMicroseconds(thread.Now)));
            },
        };
        _close = store.Close;
        Store = planting.Wrap(store, disk, Weather);
    }

    public int Number { get; }

    public SimScheduler Scheduler { get; }

    public SimClock Clock { get; }

    public SimWeather Weather { get; }

    public IStore Store { get; }

    public LifecycleEngine? Engine { get; private set; }

    /// <summary>Requests, and inputs, that one customer has under way at once.</summary>
    public int CallersMax { get; init; } = 4;

    /// <summary>Another one has taken over; this one learns it at its next contact.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>When the store confirmed the last time that this process owns it.</summary>
    public long HeldAt { get; private set; }

    public bool IsDead => Scheduler.IsDead;

    public bool IsReady => Engine is not null && !IsDead && !IsStopping;

    public bool IsStopping { get; private set; }

    /// <summary>Opens the engine and starts what runs beside it; where the store fails, the process ends.</summary>
    public void Start(InstallationSecret secret, SimLog log) => _ = Scheduler.Run(() => BesideAsync("start", async () =>
    {
        var engine = await LifecycleEngine.OpenAsync(
            Store, secret, new EngineSettings(), Options(), Clock, log, CancellationToken.None);
        await engine.StartAsync(CancellationToken.None);
        Engine = engine;
    }));

    /// <summary>Dies between two instructions.</summary>
    public void Kill()
    {
        Scheduler.Kill();
        _close();
    }

    /// <summary>Stops as when asked to: takes nothing more, writes what it took.</summary>
    public void Stop()
    {
        IsStopping = true;
        _ = Scheduler.Run(() => BesideAsync("stop", async () =>
        {
            await Engine!.DisposeAsync();
            Kill();
        }));
    }

    /// <summary>Nobody waits for it: where the store fails the process ends, and nothing else fails unseen.</summary>
    private async Task BesideAsync(string what, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (StoreException)
        {
            Kill();
        }
        catch (Exception e)
        {
            _report($"The {what} of process {Number} met {e}");
        }
    }

    /// <summary>Small, so that every limit is met.</summary>
    private EngineOptions Options() => new()
    {
        Lease = Lease, BackfillQuiet = BackfillQuiet,
        BatchEntriesMax = 12, WriterQueueMax = 6, InputsInFlightMax = 24, CustomerInputsInFlightMax = CallersMax,
        CustomerRequestsInFlightMax = CallersMax, TicksPerTurnMax = 3, ResidentMax = 6, IdleAfter = TimeSpan.FromSeconds(20),
        ProjectionPendingMax = 4, SweepCustomersPerSecondMax = 5, Turns = Scheduler,
    };
}
