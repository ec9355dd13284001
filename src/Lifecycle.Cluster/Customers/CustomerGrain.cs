using Lifecycle.Cluster.Silo;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;

namespace Lifecycle.Cluster.Customers;

/// <summary>
/// Gives an actor of the engine its place in the cluster. The actor takes its own turns, so that calls may come in while
/// others wait for the journal; and it may leave memory before the grain does, and come again. Customers are many and
/// alike, so chance spreads them evenly.
/// </summary>
[Reentrant, RandomPlacement, GrainType(CustomerGrain.Type)]
internal sealed class CustomerGrain(
    LifecycleEngine engine, Member member, TimeProvider time, ILogger<CustomerGrain> logger,
    [PersistentState("snapshot", CustomerSnapshot.Storage)] IPersistentState<CustomerSnapshot> snapshot)
    : Grain, ICustomerGrain
{
    public const string Type = "customer";

    /// <summary>Entries since the last snapshot at which another one is kept.</summary>
    private const int SnapshotEvery = 200;

    /// <summary>Entries that are not worth a snapshot when the whole process stops: there are too many customers.</summary>
    private const int TailMax = 50;

    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(5);

    /// <summary>How long others may ask the actor without the grain: much less than until Orleans takes it for idle.</summary>
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(20);

    private Head? _offer;
    private long _saved;
    private bool _isSaving;

    private CustomerKey Key { get; set; }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Key = CustomerKeys.Of(this.GetPrimaryKey());
        await member.SettleAsync(GrainContext.Address.MembershipVersion, cancellationToken);
        if (!snapshot.RecordExists || SnapshotCodec.Unseal(Key, snapshot.State.Bytes) is not { } kept) return;
        (_offer, _saved) = (kept, kept.Seq);
    }

    /// <remarks>
    /// The next activation reads the journal as soon as this has returned: nothing may be under way then.
    /// </remarks>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        engine.Actors.Peek(Key)?.Close();
        var head = engine.Actors.Peek(Key)?.Actor.Resident;
        while (engine.Actors.Peek(Key) is { } resident && !engine.Actors.TryRetire(resident))
        {
            await Task.Delay(DrainPoll, cancellationToken);
            head = resident.Actor.Resident ?? head;
        }

        var worth = reason.ReasonCode == DeactivationReasonCode.ShuttingDown ? TailMax : 1;
        if (head is not null && head.Seq - _saved >= worth) await SaveAsync(head);
    }

    public async Task<ApplyAnswer> ApplyAsync(ApplyCall call)
    {
        var (decided, fault) = await TurnAsync(async actor =>
        {
            var answer = await call.DecideAsync(actor);
            SaveInTime(actor);
            return new Decided(answer);
        });
        return new(decided, fault, Whereabouts.NumberOf(GrainContext.Address.SiloAddress!));
    }

    public async Task<HeadAnswer> HeadAsync()
    {
        var (head, fault) = await TurnAsync(async actor => new KnownHead(await actor.ReadAsync(CancellationToken.None)));
        return new(head, fault);
    }

    public async Task<StatusAnswer> StatusAsync()
    {
        var (answer, fault) = await TurnAsync(async actor =>
        {
            var head = await actor.ReadAsync(CancellationToken.None);
            if (head.State.MergedInto is not null) return new StatusAnswer(null, 0, true, null);
            // Read after the head: a status is never of an instant before its state's own.
            var instant = Instant.Max(Instant.From(time.GetUtcNow()), head.State.At);
            if (head.Seq == 0) return new StatusAnswer(null, instant.Micros, false, null);
            var programs = engine.Programs.Until(instant);
            var known = actor.StatusOf(head, programs, instant) ??
                        actor.Keep(KnownStatus.Of(head, programs, instant));
            return new StatusAnswer(new(known), instant.Micros, false, null);
        });
        return answer ?? new(null, 0, false, fault);
    }

    public async Task<TickAnswer> TickAsync()
    {
        var (answer, fault) = await TurnAsync(async actor =>
        {
            await actor.TickAsync(CancellationToken.None);
            return new TickAnswer(actor.Resident is { State.Errand: not 0 }, null);
        });
        return answer ?? new(false, fault);
    }

    private async Task<(T? Answer, Fault? Fault)> TurnAsync<T>(Func<CustomerActor, Task<T>> ask)
        where T : class
    {
        var resident = engine.Actors.Enter(Key);
        try
        {
            if (_offer is { } offer)
            {
                _offer = null;
                resident.Actor.Offer(offer);
            }

            // No other process has the customer while the grain is here, which is until it has closed this again.
            resident.Open(
                time.GetTimestamp() + (long)(OpenFor.TotalSeconds * time.TimestampFrequency), _saved + SnapshotEvery);
            return (await ask(resident.Actor), null);
        }
        catch (UnavailableException e)
        {
            return (null, Fault.Of(e));
        }
        finally
        {
            engine.Actors.Leave(resident);
        }
    }

    private void SaveInTime(CustomerActor actor)
    {
        if (_isSaving || actor.Resident is not { } head || head.Seq - _saved < SnapshotEvery) return;
        _ = SaveAsync(head);
    }

    /// <summary>A snapshot is a cache: where it cannot be kept, the journal is there.</summary>
    private async Task SaveAsync(Head head)
    {
        _isSaving = true;
        try
        {
            snapshot.State = new() { Bytes = SnapshotCodec.Seal(Key, head) };
            await snapshot.WriteStateAsync();
            _saved = head.Seq;
        }
        catch (InconsistentStateException)
        {
            // Another activation of before kept one meanwhile: from the next on it is this one's turn.
            await snapshot.ReadStateAsync();
        }
        catch (Exception e)
        {
            ClusterLog.SnapshotNotKept(logger, Key.ToString(), e);
        }
        finally
        {
            _isSaving = false;
        }
    }
}

/// <summary>What the grain storage keeps of a customer: the head in the engine's own form.</summary>
internal sealed class CustomerSnapshot
{
    /// <summary>The name of the storage.</summary>
    public const string Storage = "customers";

    public byte[] Bytes { get; set; } = [];
}
