using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Clients;
using Lifecycle.Simulation.Judging;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Running;

/// <summary>Something that must not be.</summary>
public sealed class ViolationException(string message) : Exception(message);

/// <summary>One history: a script, the processes and the disk it runs on, and the judge who looks on.</summary>
internal sealed partial class World
{
    /// <summary>How far one line of a script may carry the time when nothing is ready.</summary>
    private const long LineMicrosMax = 4_000;

    private static readonly InstallationSecret Secret = new(new byte[InstallationSecret.Size]);

    private readonly Dice _random;
    private readonly SimThread _thread;
    private readonly MemoryDisk _disk;
    private readonly List<Process> _processes = [];
    private readonly Dictionary<int, Operation> _operations = [];
    private readonly Planting _planting;
    private readonly Judge _judge;
    private string? _violation;
    private int _started;

    // Merges and changes of the programs are under way: no second process begins meanwhile.
    private int _alone;

    // Entries may be ahead of a clock that was set: what happens to a change of the programs then is not decided.
    private bool _clockWasSet;

    public World(int seed, Planting planting)
    {
        // Another sequence than the script's.
        _random = new(seed ^ 0x5EED);
        _thread = new(_random);
        _disk = planting.Disk(new Hash16(7, 7));
        _planting = planting;
        _judge = new(_disk, Secret, Counts);
        for (var i = 0; i < Rules.All.Length; i++)
            _disk.Programs.Add(new(i + 1, Rules.All[i].Document, Instant.From(SimClock.Start)));
        _disk.Activations.Add(
            new(1, 1, Instant.Earliest, Instant.From(SimClock.Start), ActivationOrigins.Start, null));
    }

    public Counts Counts { get; } = new();

    /// <summary>Two runs are the same when this is.</summary>
    public ulong Trace { get; private set; } = 14_695_981_039_346_656_037;

    public long SimulatedMicros => _thread.Now;

    /// <summary>Lines of the script that were begun.</summary>
    public int Begun { get; private set; }

    /// <summary>Plays a script to its end, and then until everything is answered.</summary>
    /// <exception cref="ViolationException">Something is wrong; the message says what.</exception>
    public void Play(IReadOnlyList<Step> script)
    {
        try
        {
            Start();
            foreach (var step in script)
            {
                Begun++;
                _random.BeginLine(step.Line);
                Act(step);
                Run(step.Then);
            }

            Finish();
        }
        finally
        {
            foreach (var process in _processes) process.Kill();
        }
    }

    private void Report(string violation) => _violation ??= violation;

    private void Mix(long value) => Trace = (Trace ^ (ulong)value) * 1_099_511_628_211;

    private Instant True => Instant.From(SimClock.Start.AddMicroseconds(_thread.Now));

    private void Run(int pieces)
    {
        var until = _thread.Now + LineMicrosMax;
        for (var i = 0; i < pieces && _thread.Step(until); i++) Look();
    }

    private void RunUntil(long time)
    {
        while (_thread.Now < time) if (_thread.Step(time)) Look();
    }

    /// <summary>Until something is so, or for so long that it never will be.</summary>
    private void Await(Func<bool> done, string what)
    {
        var end = _thread.Now + 600_000_000;
        while (!done())
        {
            if (_thread.Now >= end) throw new ViolationException($"After ten minutes it is not so that {what}.");
            _thread.Step(end);
            Look();
        }
    }

    /// <summary>After every piece of work: what became durable is judged at once.</summary>
    private void Look()
    {
        if (_violation is null) _judge.TakeNew();
        if ((_violation ?? _judge.Violation) is { } violation) throw new ViolationException(violation);
    }

    private void Start(bool replaces = false)
    {
        foreach (var process in _processes) process.IsReplaced |= replaces;
        var started = new Process(++_started, _thread, _disk, _random, Counts, _planting, Report);
        _processes.Add(started);
        started.Start(Secret, new SimLog(Report));
    }

    private void Forget(Process process)
    {
        _processes.Remove(process);
        _judge.Lost(process);
        _judge.CheckTable();
        _alone = 0;
        if (_processes is [var other]) other.IsReplaced = false;
        if (_processes.Count == 0) Start();
    }

    /// <summary>The one that clients reach: mostly the newest.</summary>
    private Process? Reached()
    {
        _processes.RemoveAll(process =>
        {
            if (process.IsDead) _judge.Lost(process);
            return process.IsDead;
        });
        if (_processes.Count == 0) Start();
        var ready = _processes.Where(process => process.IsReady).ToArray();
        return ready.Length == 0 ? null : ready[_random.Next(4) == 0 ? 0 : ready.Length - 1];
    }

    private void Call(Process process, Func<ICustomers, Task> ask, IReadOnlyList<Operation>? asked = null) =>
        _ = process.Scheduler.Run(async () =>
    {
        try
        {
            await ask(process.Engine!.Customers);
        }
        catch (UnavailableException e)
        {
            Counts.Answer(NameOf(e));
        }
        catch (Exception e)
        {
            Report($"A caller met {e}");
        }

        foreach (var operation in asked ?? []) operation.Asked.Remove(process);
    });

    private void Send(IReadOnlyList<Operation> operations)
    {
        if (Reached() is not { } process) return;
        // Without a key of its own nothing is sent twice.
        operations = [.. operations.Where(operation => operation.Send.Keyed || !operation.IsSettled)];
        if (operations.Count == 0) return;
        foreach (var operation in operations)
        {
            operation.Asked.Add(process);
            operation.Tried.Add(process);
            operation.IsSettled |= !operation.Send.Keyed;
            Counts.Operation(operation.Send.Ask.ToString());
        }

        if (operations is [var one])
        {
            Call(process, async customers =>
            {
                var outcomes = await customers.ApplyAsync(one.Customer, [one.Delivery], CancellationToken.None);
                Answered(process, one, outcomes[0]);
            }, operations);
            return;
        }

        var inputs = operations.GroupBy(operation => operation.Customer).Select(group =>
            (Asked: group.ToArray(), Inputs: new CustomerInputs(group.Key, [.. group.Select(o => o.Delivery)])))
            .ToArray();
        Call(process, async customers =>
        {
            await customers.ApplyAsync([.. inputs.Select(one => one.Inputs)], CancellationToken.None);
            foreach (var (asked, answered) in inputs)
            {
                if (answered.Fault is UnavailableException unavailable) Counts.Answer(NameOf(unavailable));
                else if (answered.Fault is { } fault) Report($"A caller met {fault}");
                else
                    for (var i = 0; i < asked.Length; i++) Answered(process, asked[i], answered.Outcomes[i]);
            }
        }, operations);
    }

    /// <summary>Of a limit that was met the words that say which one.</summary>
    private static string NameOf(UnavailableException e) =>
        e.Code == UnavailableCodes.Overloaded ? $"{e.Code}: {e.Message}" : e.Code;

    private void Answered(Process process, Operation operation, Outcome outcome)
    {
        Mix(operation.Send.Number);
        Mix(_thread.Now);
        Mix(outcome switch
        {
            Outcome.Accepted accepted => accepted.Receipt.Version * 1_000 + accepted.Receipt.Available,
            Outcome.Refused refused => -refused.Version,
            _ => 3,
        });
        _judge.Answered(process, operation, outcome);
    }

    private Operation OperationOf(Step.Send send)
    {
        if (_operations.TryGetValue(send.Number, out var known)) return known;
        var customer = Inputs.Customer(send.Customer);
        if (send.Ask is Ask.SameOrder or Ask.Return && _operations.GetValueOrDefault(send.About) is { } about)
            customer = about.Customer;
        // Where the other one is unknown, the same order is one of its own.
        if (send.Ask == Ask.SameOrder && !_operations.ContainsKey(send.About)) send = send with { Ask = Ask.Order };
        var key = Secret.EventKeyOf(
            Secret.CustomerKeyOf(customer), send.Ask >= Ask.Redeem ? "api" : "shop", Inputs.Id(send.Number));
        var at = True.Plus(-(send.AgoMinutes * 60_000_000L));
        var delivery = Inputs.Of(send, at, send.Matched ? _judge.VersionOf(customer) : null);
        var operation = new Operation(send, customer, key, delivery);
        _operations.Add(send.Number, operation);
        _judge.Expect(operation);
        return operation;
    }
}
