using System.ComponentModel.DataAnnotations;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Web.Documentation;

/// <summary>A line of an order, a return or a cart.</summary>
/// <param name="Sku">The article.</param>
/// <param name="Category">The article's category.</param>
/// <param name="Line">The product line.</param>
/// <param name="Grade">The quality grade.</param>
/// <param name="Quantity">Units; 1 when absent.</param>
/// <param name="AmountMinor">What the line costs in all, in the smallest unit of the currency.</param>
/// <param name="DiscountMinor">The discount on the line, in the smallest unit of the currency.</param>
/// <param name="CostMinor">What the line cost us, in the smallest unit of the currency.</param>
public sealed record OrderItemBody(
    [property: StringLength(InputLimits.TextMax)] string? Sku = null,
    [property: StringLength(InputLimits.TextMax)] string? Category = null,
    [property: StringLength(InputLimits.TextMax)] string? Line = null,
    [property: StringLength(InputLimits.TextMax)] string? Grade = null,
    [property: Range(0, InputLimits.QuantityMax)] long? Quantity = null,
    [property: Range(0, InputLimits.AmountMax)] long? AmountMinor = null,
    [property: Range(0, InputLimits.AmountMax)] long? DiscountMinor = null,
    [property: Range(0, InputLimits.AmountMax)] long? CostMinor = null);
