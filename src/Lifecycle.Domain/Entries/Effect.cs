using System.Collections.Immutable;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Entries;

/// <summary>One consequence inside an entry. State is folded from effects alone.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Points moved from one account to another, for one lot.</summary>
    /// <param name="Debit">The account that loses them.</param>
    /// <param name="Credit">The account that gets them.</param>
    /// <param name="Points">How many; positive.</param>
    /// <param name="Lot">
    /// The dates of the lot that they belong to; <see cref="LotDates.Debt"/> for a negative balance.
    /// </param>
    /// <param name="Cause">Why: a name of <see cref="Causes"/>.</param>
    /// <param name="Rule">
    /// The earning rule, the adjustment's reason code or the redemption's reference; may be empty.
    /// </param>
    /// <param name="Order">The order that they belong to, where there is one.</param>
    public sealed record PointsMoved(
        Account Debit, Account Credit, long Points, LotDates Lot, string Cause, string Rule, OrderKey? Order) : Effect;

    /// <summary>The customer went from one stage to another.</summary>
    public sealed record StageChanged(string From, string To, StageRole Role, string Reason) : Effect;

    /// <summary>An order was taken up. Amounts are minor units of the program's currency.</summary>
    /// <param name="Order">Its key.</param>
    /// <param name="OccurredAt">When it was placed.</param>
    /// <param name="Day">Its local day in the program's time zone, days since 1970-01-01.</param>
    /// <param name="GrossMinor">What was paid, with tax and shipping.</param>
    /// <param name="NetMinor">Without tax and shipping; discounts are already off.</param>
    /// <param name="DiscountMinor">What the discounts took off.</param>
    /// <param name="Units">Pieces in all lines.</param>
    /// <param name="Counts">Whether it is a valid order for metrics: of normal kind, with an amount.</param>
    /// <param name="OpenUntil">The end of its return window.</param>
    /// <param name="Skus">A Bloom filter of its skus, so that a return by sku recalls few orders in vain.</param>
    public sealed record OrderCounted(
        OrderKey Order, Instant OccurredAt, int Day, long GrossMinor, long NetMinor, long DiscountMinor, long Units,
        bool Counts, Instant OpenUntil, UInt128 Skus) : Effect;

    /// <summary>A return, or a part of one, was matched to an order, whose own day it restates.</summary>
    /// <param name="Order">The order's key.</param>
    /// <param name="OrderSeq">The entry that placed it.</param>
    /// <param name="OrderOccurredAt">When the order was placed.</param>
    /// <param name="Day">The order's local day.</param>
    /// <param name="GrossMinor">Of the order's gross amount, what comes off.</param>
    /// <param name="NetMinor">Of its net amount.</param>
    /// <param name="DiscountMinor">Of its discount.</param>
    /// <param name="Units">Of its units.</param>
    /// <param name="Counts">Whether the order counts in metrics.</param>
    /// <param name="Whole">The order is now wholly returned.</param>
    /// <param name="Lines">The order's lines that came back.</param>
    public sealed record ReturnMatched(
        OrderKey Order, long OrderSeq, Instant OrderOccurredAt, int Day, long GrossMinor, long NetMinor,
        long DiscountMinor, long Units, bool Counts, bool Whole, ImmutableArray<ReturnedLine> Lines) : Effect;

    /// <summary>A return happened: one for each return event, whatever it could be matched to.</summary>
    public sealed record ReturnCounted(Instant OccurredAt) : Effect;

    /// <summary>The return names an order that has not come yet: kept, and matched when it comes.</summary>
    public sealed record ReturnAwaited(OrderKey Order) : Effect;

    /// <summary>
    /// A kept return met its order, or gave its place to a newer one; what came of it is in the same entry's other
    /// effects.
    /// </summary>
    public sealed record ReturnReleased(OrderKey Order, long ReturnSeq) : Effect;

    /// <summary>What of a return belongs to no known order. Flagged and counted, never guessed.</summary>
    public sealed record ReturnUnmatched(long AmountMinor, long Units) : Effect;

    /// <summary>A visit, a view, a search or a referral.</summary>
    public sealed record ActivityCounted(ActivityKind Kind, Instant OccurredAt) : Effect;

    /// <summary>A command with a key was refused; the entry moves nothing, so its replay is the same refusal.</summary>
    /// <param name="Code">A problem code.</param>
    /// <param name="Detail">For a person.</param>
    public sealed record Refused(string Code, string Detail) : Effect;

    /// <summary>This id leads to another customer from now on, and all it had has left.</summary>
    /// <param name="Into">The other customer.</param>
    /// <param name="SeenUntil">The latest time at which an input that was taken here says that it happened.</param>
    /// <param name="Part">What left.</param>
    public sealed record Left(Hash16 Into, Instant SeenUntil, Part Part) : Effect;

    /// <summary>An id leads here from now on, with all it had.</summary>
    /// <param name="From">The id.</param>
    /// <param name="Seq">The entry of its journal with which it left.</param>
    /// <param name="Into">What it was merged into: this customer, or an id that has led here since.</param>
    /// <param name="SeenUntil">Inputs that happened later were not taken there.</param>
    /// <param name="Part">What came.</param>
    public sealed record Joined(Hash16 From, long Seq, Hash16 Into, Instant SeenUntil, Part Part) : Effect;

    /// <summary>An id that led here is a customer of its own again.</summary>
    /// <param name="Alias">The id.</param>
    /// <param name="SeenUntil">The latest time at which an input that was taken here says that it happened.</param>
    /// <param name="Goes">What goes with it.</param>
    /// <param name="Stays">What stays. Both together are what was there before.</param>
    public sealed record Split(Hash16 Alias, Instant SeenUntil, Part Goes, Part Stays) : Effect;

    /// <summary>This id led to another customer and is one of its own again.</summary>
    /// <param name="From">The customer that it led to.</param>
    /// <param name="Seq">The entry of that journal which let it go.</param>
    /// <param name="SeenUntil">Inputs that happened later were not taken there.</param>
    /// <param name="Part">What it has.</param>
    public sealed record Rejoined(Hash16 From, long Seq, Instant SeenUntil, Part Part) : Effect;

    /// <summary>What left with an entry has arrived in the other journal.</summary>
    public sealed record Settled(long Seq) : Effect;
}

/// <summary>A line of an order that came back.</summary>
/// <param name="Index">Which line of the order, from 0; −1 when the return named no line.</param>
/// <param name="Quantity">Units that came back.</param>
/// <param name="AmountMinor">What of the line's amount comes off.</param>
public readonly record struct ReturnedLine(int Index, long Quantity, long AmountMinor);

/// <summary>The dates that make a lot what it is; lots with equal dates are one.</summary>
/// <param name="AvailableAt">When its points can be spent.</param>
/// <param name="ExpiresAt">When what is left of it expires; <see cref="Instant.Never"/> for no expiry.</param>
public readonly record struct LotDates(Instant AvailableAt, Instant ExpiresAt)
{
    /// <summary>Stands for points owed: the part of a balance below zero.</summary>
    public static readonly LotDates Debt = new(Instant.Never, Instant.Never);
}

/// <summary>Why points moved. Stored names.</summary>
public static class Causes
{
    public const string Earned = "earned";
    public const string Matured = "matured";
    public const string Expired = "expired";
    public const string Redeemed = "redeemed";
    public const string Adjusted = "adjusted";
    public const string Returned = "returned";
    public const string DebtSettled = "debt_settled";
}
