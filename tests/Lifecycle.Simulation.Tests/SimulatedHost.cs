using System.Collections.Concurrent;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Running;

namespace Lifecycle.Simulation.Tests;

/// <summary>
/// One process of the simulator for callers from outside. It runs on a thread of its own, and time passes there while
/// somebody waits for an answer, and not otherwise.
/// </summary>
internal sealed partial class SimulatedHost : IAsyncDisposable
{
    /// <summary>How far time goes at once where nothing is ready.</summary>
    private const long StepMicros = 1_000_000;

    private readonly BlockingCollection<Action> _calls = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<Action<Exception>> _pending = [];
    private SimThread _thread = null!;
    private Process _process = null!;
    private volatile Exception? _failure;
    private int _asked;

    private SimulatedHost()
    {
    }

    public InstallationSecret Secret { get; } = new(new byte[InstallationSecret.Size]);

    public TimeProvider Clock => _process.Clock;

    /// <summary>Something that must not be, such as work on another thread.</summary>
    public string? Violation { get; private set; }

    public static async Task<SimulatedHost> OpenAsync(int seed)
    {
        var host = new SimulatedHost();
        new Thread(() => host.Run(seed)) { IsBackground = true, Name = "simulation" }.Start();
        await host._opened.Task;
        return host;
    }

    /// <summary>Nothing runs for so long; then contact is made before anybody is answered.</summary>
    public Task AdvanceAsync(TimeSpan time) => CallAsync(async (_, cancel) =>
    {
        _thread.Freeze(time.Ticks / 10);
        await _process.Engine!.Gate.RenewAsync(cancel);
        return true;
    }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _calls.CompleteAdding();
        await _ended.Task;
        _calls.Dispose();
    }

    private void Run(int seed)
    {
        try
        {
            var random = new Dice(seed);
            _thread = new SimThread(random);
            var disk = Planting.None.Disk(new Hash16(7, 7));
            _process = new Process(
                1, _thread, disk, random, new Counts(), Planting.None, violation => Violation ??= violation)
            {
                CallersMax = 128,
            };
            _process.Start(Secret, new SimLog(violation => Violation ??= violation));
            while (_process.Engine is null) _thread.Step(_thread.Now + StepMicros);
            _opened.SetResult();
            foreach (var call in _calls.GetConsumingEnumerable())
            {
                call();
                while (_asked > 0)
                {
                    while (_calls.TryTake(out var another)) another();
                    _thread.Step(_thread.Now + StepMicros);
                }
            }

            _process.Stop();
            while (!_process.IsDead) _thread.Step(_thread.Now + StepMicros);
            if (Violation is { } violation) throw new ViolationException(violation);
            _ended.SetResult();
        }
        catch (Exception e)
        {
            // Whoever waits for an answer will get none.
            _opened.TrySetException(e);
            _ended.TrySetException(e);
            _failure = e;
            while (_pending.TryTake(out var waiting)) waiting(e);
        }
    }

    /// <summary>Asks on the host's thread.</summary>
    private Task<T> CallAsync<T>(Func<ICustomers, CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending.Add(failure => answer.TrySetException(failure));
        if (_failure is { } failed) answer.TrySetException(failed);
        _calls.Add(
            () =>
            {
                _asked++;
                _ = _process.Scheduler.Run(() => AnswerAsync(ask, answer, cancel));
            },
            CancellationToken.None);
        return answer.Task;
    }

    private async Task AnswerAsync<T>(
        Func<ICustomers, CancellationToken, Task<T>> ask, TaskCompletionSource<T> answer, CancellationToken cancel)
    {
        // Who leaves does so from outside; the engine hears of it on its own thread.
        using var gone = new CancellationTokenSource();
        if (cancel.IsCancellationRequested) await gone.CancelAsync();
        await using var leaving = cancel.UnsafeRegister(_ => _calls.Add(Leave, CancellationToken.None), null);
        try
        {
            answer.TrySetResult(await ask(_process.Engine!.Customers, gone.Token));
        }
        catch (OperationCanceledException e)
        {
            answer.TrySetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            answer.TrySetException(e);
        }
        finally
        {
            _asked--;
        }

        void Leave()
        {
            if (!answer.Task.IsCompleted) gone.Cancel();
        }
    }
}
