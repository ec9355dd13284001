using System.Text.Json.Serialization;

namespace Lifecycle.Client;

/// <summary>The other ids that lead to a customer.</summary>
/// <param name="Customer">The customer's own id, also when an alias was asked for.</param>
/// <param name="Aliases">In the order they came.</param>
public sealed record CustomerAliases(string Customer, long Version, IReadOnlyList<Alias> Aliases)
{
    /// <summary>For <see cref="CommandOptions.IfMatch"/>.</summary>
    [JsonIgnore]
    public string ETag { get; init; } = "";
}

/// <summary>An id that leads to a customer.</summary>
/// <param name="Through">The alias that it came with; null for one that was merged into the customer itself.</param>
/// <param name="Since">When it was merged.</param>
public sealed record Alias(string Id, string? Through = null, DateTimeOffset? Since = null);

/// <summary>The id leads to another customer from now on; all it had has left.</summary>
/// <param name="Into">The other customer's key in the journal.</param>
public sealed record Left(string Into, CustomerPart Part) : Effect;

/// <summary>An id leads here from now on, with all it had.</summary>
/// <param name="From">Its key in the journal.</param>
/// <param name="FromSeq">The entry there with which it left.</param>
public sealed record Joined(string From, long FromSeq, CustomerPart Part) : Effect;

/// <summary>An id that led here is a customer of its own again.</summary>
/// <param name="Alias">Its key in the journal.</param>
public sealed record Split(string Alias, CustomerPart Goes, CustomerPart Stays) : Effect;

/// <summary>This id led to another customer and is one of its own again.</summary>
/// <param name="From">That customer's key in the journal.</param>
/// <param name="FromSeq">The entry there that let it go.</param>
public sealed record Rejoined(string From, long FromSeq, CustomerPart Part) : Effect;

/// <summary>What left with entry <paramref name="Seq"/> has arrived in the other journal.</summary>
public sealed record Settled(long Seq) : Effect;

/// <summary>What came or went with an id, in sums.</summary>
/// <param name="Points">The balance by account; accounts at zero are left out.</param>
/// <param name="OpenOrders">Orders that may still be returned without an order id.</param>
/// <param name="AwaitedReturns">Returns that wait for their order.</param>
/// <param name="Aliases">Other ids that came along.</param>
public sealed record CustomerPart(
    IReadOnlyDictionary<string, long> Points, long Orders, long SpendMinor, long Visits, int OpenOrders,
    int AwaitedReturns, int Aliases);
