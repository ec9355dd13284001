using System.ComponentModel.DataAnnotations;
using Lifecycle.Domain.Inputs;
using Lifecycle.Web.Documentation;

namespace Lifecycle.Web.WhatIf;

/// <summary>A question of what would be.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Inputs">Events and commands, decided in order; without any, what time alone changes.</param>
/// <param name="At">The instant as if: not before the customer's last entry; now when absent.</param>
public sealed record WhatIfBody(IReadOnlyList<WhatIfInputBody> Inputs, DateTime? At = null);

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

/// <summary>A basket, with any field of an order's data; or an event.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Event">An event instead of a basket.</param>
/// <param name="Items">The lines.</param>
/// <param name="AmountMinor">What would be paid; the sum of the lines when absent.</param>
/// <param name="Currency">A code of ISO 4217 in capitals; the program's own when absent.</param>
/// <param name="Channel">Where it would be bought.</param>
/// <param name="Coupon">The coupon's code.</param>
/// <param name="PointsPaid">Points that would pay a part of it.</param>
public sealed record BasketBody(
    WhatIfInputBody? Event = null, IReadOnlyList<OrderItemBody>? Items = null,
    [property: Range(0, InputLimits.AmountMax)] long? AmountMinor = null, string? Currency = null,
    string? Channel = null, string? Coupon = null, [property: Range(0, InputLimits.AmountMax)] long? PointsPaid = null);
