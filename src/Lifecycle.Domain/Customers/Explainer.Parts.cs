using System.Diagnostics;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>What came or went as a whole with an id.</summary>
public sealed partial class Explainer
{
    /// <param name="Cause">How it is told.</param>
    /// <param name="Sign">1 for what came, −1 for what went.</param>
    /// <param name="Part">What came or went.</param>
    /// <param name="Whole">What is there afterwards, whatever was before; null where the part is added.</param>
    private readonly record struct Passage(string Cause, long Sign, Part Part, Part? Whole);

    private static Passage? PassageOf(Effect effect) => effect switch
    {
        Effect.Left left => new("left", -1, left.Part, Part.Empty),
        Effect.Joined joined => new("joined", 1, joined.Part, null),
        Effect.Split split => new("split", -1, split.Goes, split.Stays),
        Effect.Rejoined rejoined => new("rejoined", 1, rejoined.Part, rejoined.Part),
        _ => null,
    };

    private static Func<Part, Instant, IEnumerable<Told>> PartOf(Func<Part, long> amount) =>
        (part, _) => [new("", amount(part))];

    private static Func<Part, Instant, IEnumerable<Told>> PartOfWindow(string fact, int days) => (part, instant) =>
        [new("", FactOf(days == 0 ? part.Lifetime : Buckets.Sum(part.Buckets, days, instant), fact))];

    private static long RemainingOf(Part part, Instant expiresAt) =>
        part.Lots.FirstOrDefault(lot => lot.ExpiresAt == expiresAt).Remaining;

    private static long FactOf(WindowTotals totals, string fact) => fact switch
    {
        "orders" => totals.Orders,
        "spend_minor" => totals.SpendMinor,
        "units" => totals.Units,
        "returns" => totals.Returns,
        "visits" => totals.Visits,
        "views" => totals.Views,
        "searches" => totals.Searches,
        "discount_minor" => totals.DiscountMinor,
        _ => throw new UnreachableException($"No window has {fact}."),
    };
}
