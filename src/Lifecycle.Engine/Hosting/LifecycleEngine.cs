using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Population;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Projection;
using Lifecycle.Engine.Scheduling;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Hosting;

/// <summary>The engine of one process: the store, the actors over it, and what runs beside them.</summary>
public sealed class LifecycleEngine : IVerifier, IAsyncDisposable
{
    private readonly JournalWriter _writer;
    private readonly LocalActors _actors;
    private readonly HostedCustomers _customers;
    private readonly IActorHost? _host;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private int _disposed;

    private LifecycleEngine(
        IStore store, InstallationSecret secret, Hash16 epoch, ProgramBook programs, Gate gate, IActorHost? host,
        EngineOptions options, TimeProvider time, ILoggerFactory logs)
    {
        (Store, Secret, Programs, Gate, _host, _options, _time) = (store, secret, programs, gate, host, options, time);
        Epoch = epoch;
        Counts = new EngineCounts(time);
        Isolation = new Isolation(logs.CreateLogger<Isolation>());
        Projector = new Projector(store, programs, options, time, logs.CreateLogger<Projector>());
        _logger = logs.CreateLogger<LifecycleEngine>();
        var commits = new CommitSignal(store, time, options.Turns);
        Feed = new JournalFeed(store, commits, gate);
        List = new CustomerList(store, programs, gate, time);
        Scan = new CustomerScan(store, secret, programs, Projector, commits, Isolation, gate, time);
        Writability = new Writability(store.Journal, logs.CreateLogger<Writability>());
        Readiness = new Readiness(gate, Writability, programs);
        _writer = new JournalWriter(
            store.Journal, Projector, commits, Writability, Counts, options, logs.CreateLogger<JournalWriter>());
        var services = new ActorServices(
            store, secret, programs, _writer, Projector, gate, Isolation, Counts, options, time,
            logs.CreateLogger<CustomerActor>());
        _actors = new LocalActors(services, time);
        _customers = host?.Make(services, _actors) ?? new OneProcessCustomers(services, _actors);
        gate.Regained += _actors.Doubt;
        Projector.WentBack += () => gate.Distrust(
            "The journal was put back under this process. Stop every process that uses it, run 'lifecycle adopt', " +
            "and start again.");
        Scheduler = new Scheduler(
            _customers, store, Projector, gate, options, time, logs.CreateLogger<Scheduler>());
        ProgramSweep = new ProgramSweep(
            store, programs, Projector, options, time, logs.CreateLogger<ProgramSweep>());
    }

    public IStore Store { get; }

    public InstallationSecret Secret { get; }

    /// <summary>
    /// The history that versions and positions belong to. A process whose store becomes another one loses its lease for
    /// ever, so it has one from start to end.
    /// </summary>
    public Hash16 Epoch { get; }

    public ICustomers Customers => _customers;

    /// <summary>The actors in this process's memory.</summary>
    internal LocalActors Actors => _actors;

    internal EngineCounts Counts { get; }

    /// <summary>Inputs under way.</summary>
    internal int InputsInFlight => _customers.InputsInFlight;

    /// <summary>Submissions that wait for their transaction.</summary>
    internal int JournalQueued => _writer.Queued;

    public ProgramBook Programs { get; }

    public Gate Gate { get; }

    /// <summary>Whether the journal takes what is written.</summary>
    public Writability Writability { get; }

    /// <summary>Whether the process may be sent traffic.</summary>
    public IReadiness Readiness { get; }

    public Isolation Isolation { get; }

    public Projector Projector { get; }

    public Scheduler Scheduler { get; }

    /// <summary>Brings a change of the programs to the customers who do nothing.</summary>
    public ProgramSweep ProgramSweep { get; }

    /// <summary>The journal in commit order.</summary>
    public JournalFeed Feed { get; }

    /// <summary>Every customer at one cut.</summary>
    public CustomerScan Scan { get; }

    /// <summary>Customers in pages, for people.</summary>
    public CustomerList List { get; }

    /// <summary>Customers in memory.</summary>
    public int Residents => _actors.Count;

    /// <summary>Those of them who rest; counted one by one.</summary>
    internal int Packed => _actors.Packed;

    /// <summary>
    /// Packs customers who are idle and lets them leave memory who are so for long or too many; done from time to time
    /// once the engine runs.
    /// </summary>
    public void Sweep() => _actors.Sweep();

    /// <summary>Opens the store and makes everything ready; nothing runs yet.</summary>
    /// <exception cref="StoreException">The store cannot be used; the message says why.</exception>
    /// <exception cref="InvalidProgramDocumentException">The program has errors.</exception>
    public static Task<LifecycleEngine> OpenAsync(
        IStoreOpener opener, EngineSettings settings, EngineOptions options, TimeProvider time, ILoggerFactory logs,
        CancellationToken cancel) =>
        OpenAsync(opener, settings, options, null, time, logs, cancel);

    /// <summary>The same with actors that another host than this process gives their turns.</summary>
    internal static async Task<LifecycleEngine> OpenAsync(
        IStoreOpener opener, EngineSettings settings, EngineOptions options, IActorHost? host, TimeProvider time,
        ILoggerFactory logs, CancellationToken cancel)
    {
        var store = await opener.OpenAsync(settings, time, logs, cancel);
        try
        {
            var secret = await InstallationKeyFile.OpenAsync(settings.Folder, store, cancel);
            return await OpenAsync(store, secret, settings, options, host, time, logs, cancel);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same over a store that is open already; the engine closes it when it is disposed.</summary>
    public static Task<LifecycleEngine> OpenAsync(
        IStore store, InstallationSecret secret, EngineSettings settings, EngineOptions options, TimeProvider time,
        ILoggerFactory logs, CancellationToken cancel) =>
        OpenAsync(store, secret, settings, options, null, time, logs, cancel);

    private static async Task<LifecycleEngine> OpenAsync(
        IStore store, InstallationSecret secret, EngineSettings settings, EngineOptions options, IActorHost? host,
        TimeProvider time, ILoggerFactory logs, CancellationToken cancel)
    {
        var programs = new ProgramBook(store, time, logs.CreateLogger<ProgramBook>());
        var isShipped = settings.Program is not { Length: > 0 };
        var document = isShipped ? ShippedPrograms.Default : await File.ReadAllTextAsync(settings.Program, cancel);
        await programs.LoadAsync(document, isShipped, cancel);
        var gate = new Gate(store, options, time, logs.CreateLogger<Gate>());
        await gate.RenewAsync(cancel);
        var epoch = await store.Journal.ReadEpochAsync(cancel);
        return new LifecycleEngine(store, secret, epoch, programs, gate, host, options, time, logs);
    }

    /// <summary>
    /// Brings the projection up to date, then starts the scheduler, the lease and the eviction; another host starts the
    /// scheduler itself.
    /// </summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        var confirming = Store.IsShared
            ? Task.Factory.StartNew(
                ConfirmPrograms, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Task.CompletedTask;
        _running = confirming;
        await Projector.StartAsync(Isolation, cancel);
        _running = Task.WhenAll(
            confirming,
            _host is null ? UntilStopped(Scheduler.RunAsync) : Task.CompletedTask,
            _host is null ? UntilStopped(ProgramSweep.RunAsync) : Task.CompletedTask,
            UntilStopped(token => EveryAsync(
                _options.Lease / 4,
                async () =>
                {
                    await Gate.RenewAsync(token);
                    if (!Store.IsShared) await Programs.ConfirmAsync(token);
                },
                token)),
            // Beside the lease: a disk that does not answer holds a trial up for long.
            UntilStopped(token => EveryAsync(_options.Lease / 4, () => Writability.TryAsync(token), token)),
            UntilStopped(token => EveryAsync(
                TimeSpan.FromSeconds(Math.Clamp(
                    Math.Min(_options.IdleAfter.TotalSeconds / 4, _options.PackAfter.TotalSeconds), 0.25, 30)),
                () =>
                {
                    Sweep();
                    return Task.CompletedTask;
                },
                token)));
    }

    /// <inheritdoc/>
    /// <remarks>Customers whose journal is damaged are isolated.</remarks>
    public async Task<VerificationReport> VerifyAsync(
        IProgress<VerificationProgress>? progress, CancellationToken cancel)
    {
        var report = await Verifier.VerifyAsync(Store, progress, cancel, ResidentHead);
        foreach (var violation in report.Violations)
            if (violation is { Code: ViolationCodes.Chain or ViolationCodes.Fold, Customer: { } customer })
                Isolation.Report(customer, new CodecException(violation.Detail));
        return report;
    }

    /// <summary>The committed head of a customer who is in memory.</summary>
    internal Head? ResidentHead(CustomerKey customer) => _actors.Peek(customer)?.Actor.Resident;

    /// <summary>Stops what runs, writes what was taken, closes the store. Doing it twice does no harm.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        Gate.Close();
        _stopping.Cancel();
        await _running;
        await _writer.DisposeAsync();
        await Projector.DisposeAsync();
        ProgramSweep.Dispose();
        await Store.DisposeAsync();
        _stopping.Dispose();
    }

    /// <remarks>
    /// On a thread of its own: while those of the pool are all busy the list would not be read in time, and a process
    /// that is merely busy would refuse everything.
    /// </remarks>
    private void ConfirmPrograms()
    {
        while (!_stopping.Token.WaitHandle.WaitOne(ProgramBook.ConfirmEvery))
        {
            try
            {
                Programs.ConfirmAsync(_stopping.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // Stopping.
            }
            catch (Exception e)
            {
                EngineLog.BackgroundFailed(_logger, e);
            }
        }
    }

    private async Task UntilStopped(Func<CancellationToken, Task> run)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _options.Turns.Run(() => run(_stopping.Token));
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // Stopping.
            }
            catch (Exception e)
            {
                // Each begins by waiting for its timer, so that this cannot spin.
                EngineLog.BackgroundFailed(_logger, e);
            }
        }
    }

    private async Task EveryAsync(TimeSpan period, Func<Task> act, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(period, _time);
        while (await timer.WaitForNextTickAsync(cancel)) await act();
    }
}
