using System.Collections.Concurrent;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>The actors of this process: found or made when they are needed, and gone when they are idle.</summary>
internal sealed class LocalActors(ActorServices services, TimeProvider time)
{
    private readonly ConcurrentDictionary<CustomerKey, Resident> _residents = new();

    public int Count => _residents.Count;

    /// <summary>Those who rest; counted one by one.</summary>
    public int Packed => _residents.Count(resident => resident.Value.Actor.IsPacked);

    /// <summary>Whoever is in memory; not counted in.</summary>
    public Resident? Peek(CustomerKey key) => _residents.GetValueOrDefault(key);

    /// <summary>The actor of a customer, counted in until <see cref="Leave"/>.</summary>
    public Resident Enter(CustomerKey key)
    {
        while (true)
        {
            if (!_residents.TryGetValue(key, out var resident))
                resident = _residents.GetOrAdd(key, new Resident(new CustomerActor(key, services)));
            if (resident.Actor.TryEnter())
            {
                Use(resident);
                return resident;
            }

            _residents.TryRemove(new(key, resident));
        }
    }

    /// <summary>
    /// The actor of a customer that its host has opened to all of the process, counted in until <see cref="Leave"/>;
    /// null for any other.
    /// </summary>
    public Resident? TryEnterOpen(CustomerKey key)
    {
        if (Peek(key) is not { } resident || !resident.IsOpen(time.GetTimestamp()) || !resident.Actor.TryEnter())
            return null;
        Use(resident);
        return resident;
    }

    public void Leave(Resident resident)
    {
        resident.Actor.Exit();
        // Whoever asks for ids that do not exist must not fill the memory with them.
        if (resident.Actor.Resident is not { Seq: > 0 }) TryRetire(resident);
    }

    /// <summary>They are not idle.</summary>
    public void Use(Resident resident) => resident.UsedAt = time.GetTimestamp();

    /// <summary>Every customer is read from the store when next asked for; what is under way is finished.</summary>
    public void Doubt()
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
        foreach (var (_, resident) in _residents)
        {
            var usedAt = resident.UsedAt;
            // Who is in doubt is read anew at the next use, and is not worth the memory.
            if (usedAt < idle || (usedAt < resting && resident.Actor.IsDoubted)) TryRetire(resident);
            else if (usedAt < resting) resident.Actor.TryRest();
        }

        var surplus = _residents.Count - services.Options.ResidentMax;
        if (surplus <= 0) return;
        foreach (var (_, resident) in _residents.ToArray().OrderBy(pair => pair.Value.UsedAt).Take(surplus))
            TryRetire(resident);
    }

    /// <summary>Leaves memory, unless somebody uses it or something is being written.</summary>
    public bool TryRetire(Resident resident)
    {
        if (!resident.Actor.TryRetire()) return false;
        _residents.TryRemove(new(resident.Actor.Key, resident));
        return true;
    }

    private long TimestampBefore(TimeSpan ago) =>
        time.GetTimestamp() - (long)(ago.TotalSeconds * time.TimestampFrequency);
}

/// <summary>An actor in memory, and when it was used last.</summary>
internal sealed class Resident(CustomerActor actor)
{
    private long _usedAt;
    private long _openUntil;
    private long _openUpTo;

    public CustomerActor Actor { get; } = actor;

    public long UsedAt
    {
        get => Interlocked.Read(ref _usedAt);
        set => Interlocked.Exchange(ref _usedAt, value);
    }

    public bool IsOpen(long now) =>
        now < Interlocked.Read(ref _openUntil) && (Actor.Resident?.Seq ?? 0) < Interlocked.Read(ref _openUpTo);

    /// <summary>
    /// For a while the rest of the process may ask the actor without asking its host, where the host is what says that
    /// the customer lives here.
    /// </summary>
    /// <param name="until">A timestamp: the host wants to hear now and then that somebody is there.</param>
    /// <param name="upTo">The entry from which on the host has something to do.</param>
    public void Open(long until, long upTo)
    {
        Interlocked.Exchange(ref _openUpTo, upTo);
        Interlocked.Exchange(ref _openUntil, until);
    }

    /// <summary>Whoever is in stays until they leave.</summary>
    public void Close() => Interlocked.Exchange(ref _openUntil, 0);
}
