using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Clients;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Running;

/// <summary>What each line of a script does.</summary>
internal sealed partial class World
{
    private void Act(Step step)
    {
        switch (step)
        {
            case Step.Send send:
                Send([OperationOf(send)]);
                break;
            case Step.Together together:
                Send([.. together.Sends.Select(OperationOf)]);
                break;
            case Step.Again again when _operations.TryGetValue(again.Number, out var known):
                if (again.Changed) Change(known);
                else Send([known]);
                break;
            case Step.Look look:
                LookAt(Inputs.Customer(look.Customer));
                break;
            case Step.Merge merge:
                Merge(merge);
                break;
            case Step.Unmerge unmerge:
                Unmerge(unmerge);
                break;
            case Step.Wait wait:
                RunUntil(_thread.Now + wait.Micros);
                break;
            case Step.Freeze freeze:
                Counts.Fault("freeze");
                _thread.Freeze(freeze.Micros);
                break;
            default:
                Trouble(step);
                break;
        }
    }

    private void Trouble(Step step)
    {
        switch (step)
        {
            case Step.Kill kill when _processes.Count > 0:
                Counts.Fault(_processes.Count > 1 ? "kill one of two" : "kill");
                var killed = kill.Older ? _processes[0] : _processes[^1];
                killed.Kill();
                Forget(killed);
                break;
            case Step.LosePower power:
                Counts.Fault("power loss");
                foreach (var process in _processes.ToArray()) process.Kill();
                if (_disk.LosePower(power.Kept) > 0) Counts.Fault("unsynced rows lost");
                foreach (var process in _processes.ToArray()) Forget(process);
                break;
            case Step.LoseTable:
                Counts.Fault("table lost");
                foreach (var process in _processes.ToArray()) process.Kill();
                _disk.LoseTable();
                foreach (var process in _processes.ToArray()) Forget(process);
                break;
            case Step.Stop when _processes.Find(process => process.IsReady) is { } stopped:
                Counts.Fault("stop");
                stopped.Stop();
                break;
            case Step.StartSecond second when _processes.Count == 1 && _alone == 0:
                Counts.Fault(second.Replaces ? "replaced" : "two at once");
                Start(second.Replaces);
                break;
            case Step.Fault fault when _processes.Count > 0:
                _processes[^1].Weather.Plan(fault.Call, fault.Fate);
                break;
            case Step.SetClock set when _processes.Count > 0:
                if (_alone > 0) break;
                Counts.Fault(Math.Abs(set.Micros) > 5_000_000 ? "clock set far" : "clock set near");
                _processes[^1].Clock.OffsetMicros = set.Micros;
                _clockWasSet = true;
                break;
            case Step.ConfirmClock when Reached() is { } process:
                process.Clock.OffsetMicros = 0;
                process.Engine!.Gate.ConfirmClock();
                break;
            case Step.Activate activate when !_clockWasSet && Reached() is { } process && _processes.Count == 1:
                Counts.Operation("Activate");
                if (activate.Meets is { } fate) process.Weather.Plan(StoreCall.Register, fate);
                Operate(process, () => process.Engine!.Programs.ActivateAsync(
                    activate.Version, Start(process, activate), CancellationToken.None));
                break;
            case Step.Withdraw when !_clockWasSet && Reached() is { } process && _processes.Count == 1:
                Counts.Operation("Withdraw");
                Operate(process, () => process.Engine!.Programs.WithdrawAsync(
                    process.Engine.Programs.Known.Last.Id, CancellationToken.None));
                break;
        }
    }

    private static Instant? Start(Process process, Step.Activate activate) => activate.DelaySeconds == 0
        ? null
        : Instant.From(process.Clock.GetUtcNow()).Plus(activate.DelaySeconds * 1_000_000L);

    private void Operate(Process process, Func<Task> act)
    {
        _alone++;
        _ = process.Scheduler.Run(() => TryAsync(process, act));
    }

    private async Task TryAsync(Process process, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (StoreException)
        {
            Counts.Answer("activation unknown");
        }
        catch (Exception e)
        {
            Report($"An operator of process {process.Number} met {e}");
        }
        finally
        {
            _alone--;
        }
    }

    /// <summary>The same id with another body.</summary>
    private void Change(Operation operation)
    {
        // It may come first, and then it is the one: that is another story than this one tells.
        if (!operation.Send.Keyed || _disk.Find(operation.Key) is null || Reached() is not { } process) return;
        Counts.Operation("Changed");
        var changed = Inputs.Of(operation.Send, operation.Delivery.Input.OccurredAt, null, changed: true);
        Call(process, async customers =>
        {
            var outcomes = await customers.ApplyAsync(operation.Customer, [changed], CancellationToken.None);
            _judge.Changed(operation, outcomes[0]);
        });
    }

    private void LookAt(string customer)
    {
        if (Reached() is not { } process) return;
        Counts.Operation("Look");
        var known = _judge.DurableFor(process, customer);
        var heldAt = process.HeldAt;
        var lapsed = _thread.Now - heldAt > Process.Lease.Ticks / 10;
        Call(process, async customers =>
        {
            var view = await customers.ViewAsync(customer, PointInTime.Now, CancellationToken.None);
            Mix(view?.Version ?? -1);
            _judge.Seen(process, customer, view, known);
            if (lapsed && process.HeldAt == heldAt)
                Report($"Process {process.Number} showed {customer} without a lease.");
        });
    }

    private void Merge(Step.Merge merge)
    {
        if (Reached() is not { } process || _processes.Count > 1) return;
        Counts.Operation("Merge");
        var (into, from) = (Inputs.Customer(merge.Into), Inputs.Customer(merge.From));
        _judge.LinkAsked(into, from);
        Link(process, customers => customers.MergeAsync(
            into, from, new("desk", Inputs.Id(merge.Number), True), CancellationToken.None));
    }

    private void Unmerge(Step.Unmerge unmerge)
    {
        if (Reached() is not { } process || _processes.Count > 1) return;
        Counts.Operation("Unmerge");
        var (customer, alias) = (Inputs.Customer(unmerge.Customer), Inputs.Customer(unmerge.Alias));
        // Two of three are of an id that is an alias.
        if (unmerge.Number % 3 > 0 && _judge.AliasAt(unmerge.Alias) is { } known) (alias, customer) = known;
        _judge.LinkAsked(customer, alias);
        Link(process, customers => customers.UnmergeAsync(
            customer, alias, new("desk", Inputs.Id(unmerge.Number), True), CancellationToken.None));
    }

    private void Link(Process process, Func<ICustomers, Task<Outcome>> link)
    {
        _alone++;
        Call(process, async customers =>
        {
            try
            {
                _judge.Linked(await link(customers));
            }
            finally
            {
                _alone--;
            }
        });
    }

    /// <summary>Good weather: everything that has no answer is asked again, and then all of it must be right.</summary>
    private void Finish()
    {
        while (_processes.Count > 1)
        {
            _processes[0].Kill();
            Forget(_processes[0]);
        }

        Await(() => Reached() is not null, "a process is ready");
        var process = Reached()!;
        process.Weather.Clear();
        process.IsReplaced = false;
        process.Clock.OffsetMicros = 0;
        process.Engine!.Gate.ConfirmClock();
        for (var round = 0; _operations.Values.Any(operation => !operation.IsSettled); round++)
        {
            if (round > 100 + _operations.Count)
                throw new ViolationException($"{_operations.Values.First(o => !o.IsSettled).Send} gets no answer.");
            foreach (var operation in _operations.Values.Where(operation => !operation.IsSettled).Take(10).ToArray())
                Send([operation]);
            RunUntil(_thread.Now + 2_000_000);
        }

        RunUntil(_thread.Now + 20_000_000);
        Await(() => _disk.Table.Watermark == _disk.Feed.Count, "the table of customers is complete");
        _judge.Finish(process);
        Mix(_thread.Now);
    }
}
