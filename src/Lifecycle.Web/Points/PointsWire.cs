using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Points;
using Lifecycle.Engine;
using Lifecycle.Web.Documentation;
using Lifecycle.Web.Entries;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Points;

/// <summary>The answer to an applied input.</summary>
/// <param name="Version">The entry's <c>seq</c>.</param>
/// <param name="Status"><c>applied</c>, or <c>duplicate</c> for the first receipt of an input that came again.</param>
public sealed record ReceiptWire(
    string Customer, long Version, [property: ClosedSet("applied", "duplicate")] string Status,
    IReadOnlyList<EffectWire> Effects, long Available, long Pending, long Held, string Stage, DateTime? NextChangeAt)
    : IVersioned<ReceiptWire>
{
    public ReceiptWire WithoutInstant() => this;

    internal static ReceiptWire Of(string customer, string status, Receipt receipt) => new(
        receipt.Customer ?? customer, receipt.Version, status, [.. receipt.Effects.Select(EffectWire.Of)], receipt.Available,
        receipt.Pending, receipt.Held, receipt.Stage, receipt.NextChangeAt.ToWire());
}

/// <summary>The movements of a customer's points, newest first.</summary>
/// <param name="Movements">Newest first.</param>
public sealed record LedgerWire(
    string Customer, long Version, IReadOnlyList<MovementWire> Movements, string? NextCursor)
    : IVersioned<LedgerWire>
{
    public LedgerWire WithoutInstant() => this;
}

/// <summary>One movement of points between two accounts.</summary>
public sealed record MovementWire(
    long Seq, DateTime? At, [property: ClosedSet(typeof(Account))] string Debit,
    [property: ClosedSet(typeof(Account))] string Credit, long Points, DateTime? AvailableAt, DateTime? ExpiresAt,
    [property: ClosedSet(typeof(Causes))] string Cause, string? Rule, string? Order);
