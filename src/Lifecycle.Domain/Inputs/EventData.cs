using System.Collections.Immutable;

namespace Lifecycle.Domain.Inputs;

/// <summary>
/// The data of an event: the declared public fields, the lines, and everything else as one sealed document.
/// </summary>
/// <param name="Fields">Declared public fields, ordered by <see cref="Field.Id"/>, at most one of each.</param>
/// <param name="Items">The lines of an order, return or cart, in the order they were sent.</param>
/// <param name="Private">
/// One UTF-8 JSON object with all that the schema does not declare public; empty when there is nothing. It is sealed
/// under the customer's key when stored, and no rule ever reads it.
/// </param>
public sealed record EventData(
    ImmutableArray<FieldValue> Fields, ImmutableArray<OrderItem> Items, ReadOnlyMemory<byte> Private)
{
    public static readonly EventData Empty = new([], [], default);

    public FieldValue? Find(Field field)
    {
        foreach (var value in Fields)
            if (value.Field.Id == field.Id) return value;
        return null;
    }

    public string? Text(Field field) => Find(field)?.Text;

    public long? Integer(Field field) => Find(field)?.Integer;
}

/// <summary>One declared field with its value. Which member holds it follows from <see cref="Field.Kind"/>.</summary>
/// <param name="Field">The declaration.</param>
/// <param name="Text">For <see cref="FieldKind.Text"/> and <see cref="FieldKind.Json"/>.</param>
/// <param name="Integer">For integers, booleans (0 or 1) and times (microseconds since 1970).</param>
/// <param name="Number">For <see cref="FieldKind.Number"/>.</param>
public readonly record struct FieldValue(Field Field, string? Text = null, long Integer = 0, decimal Number = 0);

/// <summary>One line of an order, a return or a cart. Money is in minor units of the event's currency.</summary>
public sealed record OrderItem
{
    public string Sku { get; init; } = "";
    public string Category { get; init; } = "";

    /// <summary>The product line, for cross-sell.</summary>
    public string Line { get; init; } = "";

    /// <summary>The product grade, for upgrade.</summary>
    public string Grade { get; init; } = "";

    /// <summary>Units; not negative.</summary>
    public long Quantity { get; init; } = 1;

    /// <summary>What was paid for the whole line, after its discount.</summary>
    public long AmountMinor { get; init; }

    public long DiscountMinor { get; init; }

    /// <summary>What the line cost the seller.</summary>
    public long CostMinor { get; init; }
}
