using System.Collections.Concurrent;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// The host for one process: finds or makes the actor of a customer, and lets idle ones leave memory.
/// </summary>
internal sealed partial class OneProcessCustomers(ActorServices services, TimeProvider time) : ICustomers
{
    private readonly ConcurrentDictionary<CustomerKey, Resident> _residents = new();

    public int Residents => _residents.Count;

    public int Packed => _residents.Count(resident => resident.Value.Actor.IsPacked);

    public async Task<CustomerView?> ViewAsync(string customer, PointInTime when, CancellationToken cancel)
    {
        var asked = services.Secret.CustomerKeyOf(customer);
        if (!when.IsNow) return await PastViewAsync(asked, when, cancel);
        var (key, head, instant) = await FollowAsync(asked, cancel);
        if (head.Seq == 0) return null;
        var view = _residents.TryGetValue(key, out var resident)
            ? Views.At(resident.Actor.Settle(head, services.Programs, instant), instant)
            : Views.At(head.State, services.Programs, instant);
        return await NamedAsync(view, asked, key, head, cancel);
    }

    public async Task<Explanation?> ExplainAsync(
        string customer, string field, PointInTime when, int limit, CancellationToken cancel)
    {
        var explainer = Explainer.For(field) ?? throw new ArgumentException(
            $"'{field}' cannot be explained. These can: {string.Join(", ", Explainer.Fields)}.", nameof(field));
        var asked = services.Secret.CustomerKeyOf(customer);
        var (key, past, instant) = await FollowPastAsync(asked, when, cancel);
        return await GuardAsync(key, async () =>
        {
            if (past.Head.Seq == 0) return null;
            var late = new LateFacts(past.Head.Seq, instant);
            var settled = Views.Settle(past.Head.State, services.Programs, instant);
            var explaining = explainer.Begin(new(settled, past.Facts, services.Programs, instant), limit);
            await foreach (var row in services.Loader.ReadAsync(key, cancel))
            {
                if (row.Seq > past.KnownSeq) break;
                var entry = EntryCodec.Decode(row);
                explaining.Take(entry, row.Seq <= past.Head.Seq ? entry.Effects : late.Of(entry));
            }

            foreach (var due in Views.Roll(past.Head.State, services.Programs, instant).Ticks) explaining.TakeDue(due);
            return key == asked
                ? explaining.Result
                : explaining.Result with { Customer = (await IdsOfAsync([key], cancel))[0] };
        });
    }

    public async Task<IReadOnlyList<Entry>?> EntriesAsync(
        string customer, long beforeSeq, int limit, CancellationToken cancel)
    {
        var asked = services.Secret.CustomerKeyOf(customer);
        var (key, _, _) = await FollowAsync(asked, cancel);
        return await EntriesAsync(key, beforeSeq, limit, cancel);
    }

    public Task<IReadOnlyList<Entry>?> OwnEntriesAsync(
        string customer, long beforeSeq, int limit, CancellationToken cancel) =>
        EntriesAsync(services.Secret.CustomerKeyOf(customer), beforeSeq, limit, cancel);

    public async Task TickAsync(CustomerKey customer, CancellationToken cancel)
    {
        var actor = Enter(customer);
        try
        {
            await actor.TickAsync(cancel);
        }
        finally
        {
            Leave(customer, actor);
        }

        if (actor.Resident is { State.Errand: not 0 }) await FinishAsync(customer, cancel);
    }

    /// <summary>The committed head of a customer who is in memory.</summary>
    public Head? ResidentHead(CustomerKey customer) =>
        _residents.TryGetValue(customer, out var resident) ? resident.Actor.Resident : null;

    /// <summary>Every customer is read from the store when next asked for; what is under way is finished.</summary>
    public void Forget()
    {
        // Not dropped: an entry that is still being written would be missing in the memory of a second actor.
        foreach (var (_, resident) in _residents) resident.Actor.Doubt();
    }

    /// <summary>
    /// Packs customers who were not used for a while, lets those leave who are idle for long, and the least recently
    /// used ones above the maximum.
    /// </summary>
    public void Sweep()
    {
        var idle = TimestampBefore(services.Options.IdleAfter);
        var resting = TimestampBefore(services.Options.PackAfter);
        foreach (var (key, resident) in _residents)
        {
            var usedAt = resident.UsedAt;
            // Who is in doubt is read anew at the next use, and is not worth the memory.
            if (usedAt < idle || (usedAt < resting && resident.Actor.IsDoubted)) Retire(key, resident);
            else if (usedAt < resting) resident.Actor.TryRest();
        }

        var surplus = _residents.Count - services.Options.ResidentMax;
        if (surplus <= 0) return;
        foreach (var (key, resident) in _residents.ToArray().OrderBy(pair => pair.Value.UsedAt).Take(surplus))
            Retire(key, resident);
    }

    private long TimestampBefore(TimeSpan ago) =>
        time.GetTimestamp() - (long)(ago.TotalSeconds * time.TimestampFrequency);

    /// <summary>The committed head, and the instant to view it at.</summary>
    private async ValueTask<(Head Head, Instant Instant)> ReadAsync(CustomerKey key, CancellationToken cancel)
    {
        var actor = Enter(key);
        Head head;
        try
        {
            head = await actor.ReadAsync(cancel);
        }
        catch (Exception e) when (IsGuarded(e))
        {
            throw Guarded(key, e);
        }
        finally
        {
            Leave(key, actor);
        }

        // Read after the head: a view is never of an instant before its state's own.
        return (head, Instant.Max(services.Now, head.State.At));
    }

    private Task<IReadOnlyList<Entry>?> EntriesAsync(
        CustomerKey key, long beforeSeq, int limit, CancellationToken cancel) =>
        GuardAsync<IReadOnlyList<Entry>?>(key, async () =>
        {
            services.Gate.EnsureOpen();
            var rows = await services.Store.Journal.ReadBackAsync(key, beforeSeq, limit, cancel);
            if (rows.Count == 0 && (await ReadAsync(key, cancel)).Head.Seq == 0) return null;
            var secret = rows.Count == 0 ? null : await services.Store.Registry.ReadSecretAsync(key, cancel);
            var plainKey = secret is { } wrapped ? services.Sealer.Unwrap(key, wrapped.Span) : null;
            return [.. rows.Select(row => Unseal(row, plainKey))];
        });

    private async Task<T> GuardAsync<T>(CustomerKey key, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (IsGuarded(e))
        {
            throw Guarded(key, e);
        }
    }

    private static bool IsGuarded(Exception e) =>
        e is StoreException or ObjectDisposedException or CodecException or UnsealException;

    private UnavailableException Guarded(CustomerKey key, Exception e)
    {
        if (e is CodecException) services.Isolation.Report(key, e);
        return e switch
        {
            CodecException => CustomerActor.Isolated(e.Message),
            UnsealException cause => CustomerActor.Sealed(cause),
            _ => new(UnavailableCodes.Unavailable, "The store cannot be read now.", TimeSpan.FromSeconds(2), e),
        };
    }

    /// <summary>The customer with an id, counted in. One that is remembered needs no key to be made.</summary>
    private Resident Enter(string customer)
    {
        if (!_asked.TryGetValue(customer, out var resident) || !resident.Actor.TryEnter())
            resident = Find(services.Secret.CustomerKeyOf(customer));
        resident.UsedAt = time.GetTimestamp();
        return resident;
    }

    private CustomerActor Enter(CustomerKey key)
    {
        var resident = Find(key);
        resident.UsedAt = time.GetTimestamp();
        return resident.Actor;
    }

    private Resident Find(CustomerKey key)
    {
        while (true)
        {
            if (!_residents.TryGetValue(key, out var resident))
                resident = _residents.GetOrAdd(key, new Resident(new CustomerActor(key, services)));
            if (resident.Actor.TryEnter()) return resident;
            _residents.TryRemove(new(key, resident));
        }
    }

    private void Leave(CustomerKey key, CustomerActor actor)
    {
        actor.Exit();
        // Whoever asks for ids that do not exist must not fill the memory with them.
        if (actor.Resident is { Seq: > 0 }) return;
        if (_residents.TryGetValue(key, out var resident) && resident.Actor == actor) Retire(key, resident);
    }

    private void Retire(CustomerKey key, Resident resident)
    {
        if (resident.Actor.TryRetire()) _residents.TryRemove(new(key, resident));
    }

    private static Entry Unseal(JournalRow row, byte[]? secret)
    {
        var (entry, sealedPart) = EntryCodec.DecodeSealed(row);
        if (sealedPart.IsEmpty || secret is null) return entry;
        var plain = CustomerSealer.Unseal(secret, sealedPart.Span, row.EventKey!.Value.ToArray());
        return entry with { Input = InputCodec.WithPrivate(entry.Input, plain) };
    }

    private sealed class Resident(CustomerActor actor)
    {
        private long _usedAt;

        public CustomerActor Actor { get; } = actor;

        public long UsedAt
        {
            get => Interlocked.Read(ref _usedAt);
            set => Interlocked.Exchange(ref _usedAt, value);
        }
    }
}
