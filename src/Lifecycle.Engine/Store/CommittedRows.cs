using System.Runtime.InteropServices;
using Lifecycle.Domain.Entries;

namespace Lifecycle.Engine.Store;

/// <summary>
/// The last rows that this process has committed, at most one for a customer: whoever builds on one of them needs no
/// look-up of it.
/// </summary>
/// <remarks>
/// For stores. Rows never change, so what was committed stays so where it was. A new connection may lead elsewhere, such
/// as to a standby that took over without the last commits, so whenever one is made all is to be forgotten.
/// </remarks>
public sealed class CommittedRows
{
    // Two customers with one place drive each other out, which costs a look-up. With a million customers: 48 MB.
    private const int Places = 1 << 20;
    private const int PlacesAtOnce = 1 << 12;

    private readonly Lock _gate = new();

    // Made as they are needed.
    private readonly Place[]?[] _places = new Place[Places / PlacesAtOnce][];
    private long _life = 1;

    /// <summary>Until all is forgotten the next time.</summary>
    public long Life => Interlocked.Read(ref _life);

    public void Forget() => Interlocked.Increment(ref _life);

    /// <summary>The rows of a batch that was committed, by customer and seq.</summary>
    /// <param name="life">As it was when the connection was ready: rows of an earlier one are not kept.</param>
    public void Keep(IReadOnlyList<JournalRow> rows, long life)
    {
        lock (_gate)
        {
            for (var i = 0; i < rows.Count; i++)
            {
                if (i + 1 < rows.Count && rows[i + 1].Customer == rows[i].Customer) continue;
                ref var place = ref PlaceOf(rows[i].Customer);
                place = new(rows[i].Customer, rows[i].Seq, rows[i].Hash, life);
            }
        }
    }

    /// <summary>Those of some rows, each the first of its customer, whose predecessor has to be looked up.</summary>
    public List<JournalRow> Unknown(IEnumerable<JournalRow> firsts)
    {
        var unknown = new List<JournalRow>();
        lock (_gate)
        {
            foreach (var row in firsts)
            {
                if (row.Seq == 1) continue;
                if (PlaceOf(row.Customer) != new Place(row.Customer, row.Seq - 1, row.Prev, Life)) unknown.Add(row);
            }
        }

        return unknown;
    }

    private ref Place PlaceOf(CustomerKey customer)
    {
        var place = (int)(customer.Value.Low & (Places - 1));
        return ref (_places[place / PlacesAtOnce] ??= new Place[PlacesAtOnce])[place % PlacesAtOnce];
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(CustomerKey Customer, long Seq, Hash16 Hash, long Life);
}
