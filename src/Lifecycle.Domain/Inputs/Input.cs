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
}
