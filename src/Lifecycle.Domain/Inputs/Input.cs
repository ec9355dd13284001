using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Inputs;

/// <summary>What comes in for one customer: an event (it happened) or a command (it may be refused).</summary>
public abstract record Input
{
    private Input()
    {
    }

    /// <summary>The channel or system that sent it; 1 to 128 characters.</summary>
    public required string Source { get; init; }

    /// <summary>Unique for the addressed customer and <see cref="Source"/>; 1 to 128 characters.</summary>
    public required string Id { get; init; }

    /// <summary>When it happened, as claimed by the sender.</summary>
    public required Instant OccurredAt { get; init; }

    /// <summary>The name in stored entries and in the API.</summary>
    public abstract string TypeName { get; }

    /// <summary>Something happened. It cannot be refused; what cannot be understood goes to quarantine.</summary>
    public sealed record Event(string Type, EventData Data) : Input
    {
        public override string TypeName => Type;
    }

    /// <summary>Spend points. <paramref name="Points"/> is positive.</summary>
    public sealed record RedeemPoints(long Points, string? Reference, string? Note) : Input
    {
        public override string TypeName => InputTypes.Redeem;
    }

    /// <summary>Staff add (positive) or take (negative) points, with a reason code.</summary>
    public sealed record AdjustPoints(long Points, string Reason, string? Note) : Input
    {
        public override string TypeName => InputTypes.Adjust;
    }

    /// <summary>The id leads to another customer from now on; decided on the id that leaves.</summary>
    public sealed record Merge(Hash16 Into) : Input
    {
        public override string TypeName => InputTypes.Merge;
    }

    /// <summary>What left <paramref name="From"/> with its entry <paramref name="Seq"/> arrives.</summary>
    public sealed record Join(Hash16 From, long Seq) : Input
    {
        public override string TypeName => InputTypes.Join;

        public static Join Of(Hash16 from, long seq, Instant at) => new(from, seq)
        {
            Source = InputTypes.IdentitySource, Id = $"join:{from}:{seq}", OccurredAt = at,
        };
    }

    /// <summary>An id that leads here is a customer of its own again.</summary>
    public sealed record Unmerge(Hash16 Alias) : Input
    {
        public override string TypeName => InputTypes.Unmerge;
    }

    /// <summary>What goes with an alias comes back to it; decided on the alias.</summary>
    public sealed record Rejoin(Hash16 From, long Seq) : Input
    {
        public override string TypeName => InputTypes.Rejoin;

        public static Rejoin Of(Hash16 from, long seq, Instant at) => new(from, seq)
        {
            Source = InputTypes.IdentitySource, Id = $"rejoin:{from}:{seq}", OccurredAt = at,
        };
    }

    /// <summary>What left with the entry <paramref name="Seq"/> has arrived.</summary>
    public sealed record Settle(long Seq) : Input
    {
        public override string TypeName => InputTypes.Settle;

        public static Settle Of(long seq, Instant at) => new(seq)
        {
            Source = InputTypes.IdentitySource, Id = $"settle:{seq}", OccurredAt = at,
        };
    }

    /// <summary>
    /// Time has passed: expiry, maturation and stage reviews that are due at <see cref="OccurredAt"/>.
    /// </summary>
    public sealed record Tick : Input
    {
        public override string TypeName => InputTypes.Tick;

        public static Tick At(Instant due) => new() { Source = "", Id = "", OccurredAt = due };
    }
}

/// <summary>The stored names of inputs that are not events. A stored name is for ever.</summary>
public static class InputTypes
{
    public const string Redeem = "points.redeem";
    public const string Adjust = "points.adjust";
    public const string Tick = "tick";
    public const string Merge = "customer.merge";
    public const string Join = "customer.join";
    public const string Unmerge = "customer.unmerge";
    public const string Rejoin = "customer.rejoin";
    public const string Settle = "customer.settle";

    /// <summary>Whether no event may have the type.</summary>
    public static bool IsReserved(string type) =>
        type is Tick or Merge or Join or Unmerge or Rejoin or Settle ||
        type.StartsWith("points.", StringComparison.Ordinal);

    /// <summary>
    /// The source of the inputs that finish a merge. Their ids are made of what began it, so that sending one again does
    /// no harm. No channel has it: a source is not blank.
    /// </summary>
    public const string IdentitySource = "";
}
