using System.ComponentModel.DataAnnotations;
using Lifecycle.Domain.Inputs;
using Lifecycle.Web.Documentation;

namespace Lifecycle.Web.WhatIf;

/// <summary>A question of what would be.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Inputs">Events and commands, decided in order; without any, what time alone changes.</param>
/// <param name="At">The instant as if: not before the customer's last entry; now when absent.</param>
public sealed record WhatIfQuestionBody(IReadOnlyList<WhatIfInputBody> Inputs, DateTime? At = null);

/// <summary>An event with a type, or a command with its name and its fields.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Type">Of an event: its type.</param>
/// <param name="Id">Of an event: its id; one is made when absent.</param>
/// <param name="Source">Of an event: the channel or system that sends it; api when absent.</param>
/// <param name="OccurredAt">Of an event: when it happened; the instant as if when absent.</param>
/// <param name="Data">Of an event: the declared fields of the type, and any others.</param>
/// <param name="Command">Of a command: its name.</param>
/// <param name="IdempotencyKey">Of a command: the key that it would be sent with.</param>
/// <param name="Points">Of a command: as its route takes it.</param>
/// <param name="Reference">Of a redemption: what the points are spent on.</param>
/// <param name="Reason">Of an adjustment: why.</param>
/// <param name="Note">Of a command: for people.</param>
public sealed record WhatIfInputBody(
    string? Type = null, string? Id = null, string? Source = null, DateTime? OccurredAt = null,
    EventDataBody? Data = null,
    [property: ClosedSet(InputTypes.Redeem, InputTypes.Adjust)] string? Command = null, string? IdempotencyKey = null,
    [property: Range(-InputLimits.AmountMax, InputLimits.AmountMax)] long? Points = null, string? Reference = null,
    string? Reason = null, string? Note = null);

/// <summary>A basket: the data of an order that is not placed yet. Or an event.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Event">An event instead of a basket.</param>
/// <param name="OrderId">The order that it would be; one of no order before when absent.</param>
/// <param name="Currency">A code of ISO 4217 in capitals; the program's own when absent.</param>
/// <param name="AmountMinor">
/// What would be paid, with tax and shipping, in the smallest unit of the currency; the sum of the lines when absent.
/// </param>
/// <param name="Kind">normal, test or staff.</param>
/// <param name="Channel">Where it would be bought: web, store, app.</param>
/// <param name="DiscountMinor">Discounts given, in the smallest unit of the currency.</param>
/// <param name="TaxMinor">Tax within the amount, in the smallest unit of the currency.</param>
/// <param name="ShippingMinor">Shipping within the amount, in the smallest unit of the currency.</param>
/// <param name="PointsPaid">Points that would pay a part of it.</param>
/// <param name="Country">Where the order would be at home.</param>
/// <param name="Coupon">The coupon's code.</param>
/// <param name="Campaign">The campaign that led to it.</param>
/// <param name="Items">The lines.</param>
public sealed record BasketBody(
    WhatIfInputBody? Event = null,
    [property: StringLength(InputLimits.TextMax)] string? OrderId = null,
    [property: StringLength(3, MinimumLength = 3)] string? Currency = null,
    [property: Range(0, InputLimits.AmountMax)] long? AmountMinor = null,
    [property: StringLength(InputLimits.TextMax)] string? Kind = null,
    [property: StringLength(InputLimits.TextMax)] string? Channel = null,
    [property: Range(0, InputLimits.AmountMax)] long? DiscountMinor = null,
    [property: Range(0, InputLimits.AmountMax)] long? TaxMinor = null,
    [property: Range(0, InputLimits.AmountMax)] long? ShippingMinor = null,
    [property: Range(0, InputLimits.AmountMax)] long? PointsPaid = null,
    [property: StringLength(InputLimits.TextMax)] string? Country = null,
    [property: StringLength(InputLimits.TextMax)] string? Coupon = null,
    [property: StringLength(InputLimits.TextMax)] string? Campaign = null,
    IReadOnlyList<OrderItemBody>? Items = null);
