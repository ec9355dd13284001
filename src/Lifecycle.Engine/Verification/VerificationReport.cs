using System.Collections.Immutable;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Verification;

/// <summary>What a replay of the whole journal found.</summary>
/// <param name="Position">The journal was verified up to here; what was appended meanwhile was not counted.</param>
/// <param name="Entries">Entries up to the position.</param>
/// <param name="Customers">Customers that have entries.</param>
/// <param name="Violations">The first of each kind for each customer, by customer and seq; at most
/// <see cref="ViolationsMax"/>.</param>
/// <param name="ViolationsFound">How many there were, listed or not; 0 proves the invariants.</param>
public sealed record VerificationReport(
    long Position, long Entries, long Customers, ImmutableArray<Violation> Violations, long ViolationsFound)
{
    /// <summary>Violations that are listed: enough to see what is wrong, and an answer of bounded size.</summary>
    public const int ViolationsMax = 1_000;
}

/// <summary>An invariant that does not hold.</summary>
/// <param name="Code">One of <see cref="ViolationCodes"/>.</param>
/// <param name="Customer">Whose; null for the journal as a whole.</param>
/// <param name="Seq">The entry at which it shows; 0 for none.</param>
/// <param name="Detail">For a person.</param>
public sealed record Violation(string Code, CustomerKey? Customer, long Seq, string Detail);

/// <summary>The names of what can be wrong. A name is for ever.</summary>
public static class ViolationCodes
{
    /// <summary>
    /// Positions have a gap, an entry belongs to no customer that can be found, or has a position before its
    /// predecessor's.
    /// </summary>
    public const string Positions = "positions";

    /// <summary>An entry does not follow its predecessor, or its bytes are not those that were hashed.</summary>
    public const string Chain = "chain";

    /// <summary>An entry cannot be read or folded.</summary>
    public const string Fold = "fold";

    /// <summary>The times of a customer's entries run backwards.</summary>
    public const string TimeOrder = "time_order";

    /// <summary>An input without a key, or a tick with one.</summary>
    public const string EventKey = "event_key";

    /// <summary>An event key leads to another entry than the one that has it, or to none.</summary>
    public const string EventKeyIndex = "event_key_index";

    /// <summary>A refusal moved something.</summary>
    public const string Refusal = "refusal";

    /// <summary>A movement of no or negative points, or accounts that do not add up to zero.</summary>
    public const string DoubleEntry = "double_entry";

    /// <summary>The lots do not make up the balance.</summary>
    public const string Lots = "lots";

    /// <summary>A balance includes expired points, or holds matured ones back.</summary>
    public const string LotDates = "lot_dates";

    /// <summary>The receipt said something else than the replay.</summary>
    public const string Receipt = "receipt";

    /// <summary>The folded state is not the sum of its effects.</summary>
    public const string Totals = "totals";

    /// <summary>The projection's row or snapshot is not what the replay gives.</summary>
    public const string Projection = "projection";

    /// <summary>The customer in a server's memory is not what the replay gives.</summary>
    public const string Live = "live";

    /// <summary>The projection lacks what its watermark promises, or has what the journal lacks.</summary>
    public const string Watermark = "watermark";
}
