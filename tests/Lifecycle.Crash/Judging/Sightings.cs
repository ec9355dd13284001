using System.Collections.Concurrent;

namespace Lifecycle.Crash.Judging;

/// <summary>
/// Every version of a customer that an answer showed, with its balances. No later answer may be older, and a version
/// has the same balances whoever tells them.
/// </summary>
public sealed class Sightings(Faults faults)
{
    private readonly ConcurrentDictionary<string, Seen> _customers = new();
    private long _stale;

    /// <summary>Answers that were older than what had been told before they were asked for.</summary>
    public long Stale => Interlocked.Read(ref _stale);

    /// <summary>What has been told of a customer: taken when a question is sent, given back with its answer.</summary>
    public long FloorOf(string customer)
    {
        var seen = _customers.GetOrAdd(customer, _ => new());
        lock (seen) return seen.Floor;
    }

    /// <param name="floor">Of when the question was sent.</param>
    /// <param name="who">Who told it, for the fault.</param>
    public void Read(string customer, long floor, long version, Balances balances, string who)
    {
        if (version < floor)
        {
            Interlocked.Increment(ref _stale);
            faults.Add(
                $"Stale read of {customer} from {who}: version {version}, though {floor} had been told before.");
        }

        See(customer, version, balances, who);
    }

    /// <summary>The server says that there is no such customer.</summary>
    public void Missing(string customer, long floor, string who)
    {
        if (floor == 0) return;
        Interlocked.Increment(ref _stale);
        faults.Add($"Stale read of {customer} from {who}: unknown, though version {floor} had been told before.");
    }

    /// <summary>A receipt: it may be an old one.</summary>
    public void See(string customer, long version, Balances balances, string who)
    {
        var seen = _customers.GetOrAdd(customer, _ => new());
        lock (seen)
        {
            seen.Floor = Math.Max(seen.Floor, version);
            if (seen.Versions.TryAdd(version, balances) || seen.Versions[version] == balances) return;
            faults.Add(
                $"Version {version} of {customer} has {balances} from {who}, and had {seen.Versions[version]} before.");
        }
    }

    /// <summary>All that was seen so far.</summary>
    public IEnumerable<(string Customer, long Version, Balances Balances)> ReadAll()
    {
        foreach (var (customer, seen) in _customers)
        {
            KeyValuePair<long, Balances>[] versions;
            lock (seen) versions = [.. seen.Versions];
            foreach (var (version, balances) in versions) yield return (customer, version, balances);
        }
    }

    private sealed class Seen
    {
        public long Floor { get; set; }

        public Dictionary<long, Balances> Versions { get; } = [];
    }
}
