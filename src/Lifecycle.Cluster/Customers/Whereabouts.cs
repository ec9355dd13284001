using Lifecycle.Engine.Store;

namespace Lifecycle.Cluster.Customers;

/// <summary>
/// In which process customers were when they last answered, so that those of one process are asked together. A hint and
/// no more: of two customers who fall on one place the later one has it, and who has moved is asked by the grain's
/// reference, which always finds them.
/// </summary>
internal sealed class Whereabouts(IClusterMembershipService membership)
{
    /// <summary>Eight bytes each; a power of two.</summary>
    private const int PlacesMax = 1 << 20;

    private const ulong MarkMask = 0xFFFF_FFFF_0000_0000;

    /// <summary>The upper half is the customer's mark, the lower half the process.</summary>
    private readonly ulong[] _places = new ulong[PlacesMax];

    private volatile Members _members = new(MembershipVersion.MinValue, []);

    /// <summary>The number that stands for a process.</summary>
    public static uint NumberOf(SiloAddress silo) => (uint)silo.GetConsistentHashCode();

    public void Saw(CustomerKey customer, uint process)
    {
        var (place, mark) = Of(customer);
        Volatile.Write(ref _places[place], mark | process);
    }

    /// <summary>Null where nobody knows, and where the process is no member any more.</summary>
    public SiloAddress? Find(CustomerKey customer)
    {
        var (place, mark) = Of(customer);
        var seen = Volatile.Read(ref _places[place]);
        return (seen & MarkMask) == mark ? Present().GetValueOrDefault((uint)seen) : null;
    }

    /// <remarks>Keys are hashes: any bits of them are as good.</remarks>
    private static (int Place, ulong Mark) Of(CustomerKey customer) =>
        ((int)(customer.Value.Low & (PlacesMax - 1)), customer.Value.High & MarkMask);

    private Dictionary<uint, SiloAddress> Present()
    {
        var snapshot = membership.CurrentSnapshot;
        if (_members.Version != snapshot.Version)
        {
            _members = new(snapshot.Version, snapshot.Members.Values
                .Where(member => member.Status == SiloStatus.Active)
                .ToDictionary(member => NumberOf(member.SiloAddress), member => member.SiloAddress));
        }

        return _members.ByNumber;
    }

    private sealed record Members(MembershipVersion Version, Dictionary<uint, SiloAddress> ByNumber);
}
