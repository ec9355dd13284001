using Lifecycle.Engine.Actors;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// Inputs on their way to actors. A request's customers are asked one after the other without waiting for any of them;
/// what their answers wait for, the journal, is waited for once.
/// </summary>
internal sealed partial class OneProcessCustomers
{
    public override async Task ApplyAsync(IReadOnlyList<CustomerInputs> customers, CancellationToken cancel)
    {
        if (customers.Count == 0) return;
        var inputs = 0;
        foreach (var one in customers) inputs += one.Deliveries.Count;
        // All or none: of a request that is half taken everything is sent again.
        if (!TryAdmit(inputs))
        {
            foreach (var one in customers) one.Fault = TooMany();
            return;
        }

        var calls = new Call[customers.Count];
        // When all of it is done, though the caller may have left: those who come and go would fill the queues past
        // their limits.
        var gathering = new Gathering(customers.Count, () => Release(calls, inputs));
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
                if (call is not null) Leave(call);
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
            call.Resident = Enter(inputs.Customer);
            var actor = call.Resident.Actor;
            actor.Admit(inputs.Deliveries);
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

    private void Release(Call[] calls, int inputs)
    {
        Release(inputs);
        foreach (var call in calls)
            if (call.IsIn) call.Resident!.Actor.Release(call.Inputs.Deliveries.Count);
    }

    private void Leave(Call call)
    {
        if (call.Resident is not { Actor: var actor } resident) return;
        actors.Leave(resident);
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
            if (!TryAdmit(inputs.Deliveries.Count)) throw TooMany();
            try
            {
                inputs.Outcomes = await ForwardAsync(
                    call.Resident!.Actor.Key, inputs.Customer, inputs.Deliveries, cancel, redirect);
            }
            finally
            {
                Release(inputs.Deliveries.Count);
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
