using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Lifecycle.Engine.Actors;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// Inputs on their way to actors. A request's customers are asked one after the other without waiting for any of them;
/// what their answers wait for, the journal, is waited for once.
/// </summary>
internal sealed partial class OneProcessCustomers
{
    private int _inputsInFlight;

    public async Task<ImmutableArray<Outcome>> ApplyAsync(
        string customer, IReadOnlyList<Delivery> deliveries, CancellationToken cancel)
    {
        var inputs = new CustomerInputs(customer, deliveries);
        await ApplyAsync([inputs], cancel);
        if (inputs.Fault is { } fault) ExceptionDispatchInfo.Throw(fault);
        return inputs.Outcomes;
    }

    public async Task ApplyAsync(IReadOnlyList<CustomerInputs> customers, CancellationToken cancel)
    {
        if (customers.Count == 0) return;
        var gathering = new Gathering(customers.Count);
        var calls = new Call[customers.Count];
        try
        {
            List<Task>? waiting = null;
            for (var i = 0; i < calls.Length; i++)
            {
                var begun = BeginAsync(calls[i] = new(customers[i]), gathering, cancel);
                if (!begun.IsCompletedSuccessfully) (waiting ??= []).Add(begun.AsTask());
            }

            if (waiting is not null) await Task.WhenAll(waiting);
            await gathering.WaitAsync(cancel);
        }
        finally
        {
            foreach (var call in calls)
                if (call is not null) End(call);
        }

        List<Task>? elsewhere = null;
        foreach (var call in calls)
        {
            var request = call.Request;
            call.Inputs.Fault = call.Fault ?? request?.Fault;
            if (call.Inputs.Fault is not null) continue;
            if (request!.Redirect is null) call.Inputs.Outcomes = request.Outcomes;
            else (elsewhere ??= []).Add(FollowAsync(call, request.Redirect, cancel));
        }

        if (elsewhere is not null) await Task.WhenAll(elsewhere);
    }

    /// <summary>Asks the actor of the addressed id; it answers once what it decided is durable.</summary>
    private ValueTask BeginAsync(Call call, Gathering gathering, CancellationToken cancel)
    {
        var inputs = call.Inputs;
        try
        {
            Admit(inputs.Deliveries.Count);
            call.IsAdmitted = true;
            call.Resident = Enter(inputs.Customer);
            var actor = call.Resident.Actor;
            actor.Admit(inputs.Deliveries.Count);
            call.IsIn = true;
            var request = call.Request = new PendingRequest(actor.Key, inputs.Customer, inputs.Deliveries, gathering);
            var turn = actor.BeginAsync(request, cancel);
            return turn.IsCompletedSuccessfully ? turn : new(WaitAsync(turn, call, gathering));
        }
        catch (Exception e)
        {
            call.Fail(e, gathering);
            return ValueTask.CompletedTask;
        }
    }

    private static async Task WaitAsync(ValueTask turn, Call call, Gathering gathering)
    {
        try
        {
            await turn;
        }
        catch (Exception e)
        {
            call.Fail(e, gathering);
        }
    }

    /// <exception cref="UnavailableException">Too many inputs are under way.</exception>
    private void Admit(int inputs)
    {
        // As for one customer: a request that is larger than the maximum goes alone.
        var inFlight = Interlocked.Add(ref _inputsInFlight, inputs);
        if (inFlight <= services.Options.InputsInFlightMax || inFlight <= inputs) return;
        Interlocked.Add(ref _inputsInFlight, -inputs);
        throw new UnavailableException(
            UnavailableCodes.Overloaded, "Too many inputs are under way.", TimeSpan.FromSeconds(1));
    }

    private void End(Call call)
    {
        var inputs = call.Inputs.Deliveries.Count;
        if (call.IsAdmitted) Interlocked.Add(ref _inputsInFlight, -inputs);
        if (call.Resident is not { Actor: var actor } resident) return;
        if (call.IsIn) actor.Release(inputs);
        Leave(actor.Key, actor);
        // While there is room: those who read make it.
        if (Volatile.Read(ref _askedCount) < AskedMax && actor.Resident is { Seq: > 0 })
            Remember(call.Inputs.Customer, resident);
    }

    /// <summary>The inputs belong to the customer that the addressed id leads to.</summary>
    private async Task FollowAsync(Call call, Redirect redirect, CancellationToken cancel)
    {
        var inputs = call.Inputs;
        try
        {
            Admit(inputs.Deliveries.Count);
            try
            {
                inputs.Outcomes = await ForwardAsync(
                    call.Resident!.Actor.Key, inputs.Customer, inputs.Deliveries, cancel, redirect);
            }
            finally
            {
                Interlocked.Add(ref _inputsInFlight, -inputs.Deliveries.Count);
            }
        }
        catch (Exception e)
        {
            inputs.Fault = e;
        }
    }

    /// <summary>One customer of a request, and how far it came.</summary>
    private sealed class Call(CustomerInputs inputs)
    {
        public CustomerInputs Inputs { get; } = inputs;
        public Resident? Resident { get; set; }
        public PendingRequest? Request { get; set; }
        public bool IsAdmitted { get; set; }
        public bool IsIn { get; set; }

        /// <summary>It did not come as far as an answer.</summary>
        public Exception? Fault { get; private set; }

        public void Fail(Exception fault, Gathering gathering)
        {
            Fault = fault;
            if (Request is { } request) request.Fail(fault);
            else gathering.Done();
        }
    }
}
