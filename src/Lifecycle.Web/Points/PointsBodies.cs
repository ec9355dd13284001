using System.ComponentModel.DataAnnotations;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Web.Points;

/// <summary>Points to redeem.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Points">How many, at least 1.</param>
/// <param name="Reference">What they are spent on, such as a voucher's number.</param>
/// <param name="Note">For people; sealed, no answer shows it.</param>
public sealed record RedemptionBody(
    [property: Range(1, InputLimits.AmountMax)] long Points,
    [property: StringLength(InputLimits.IdMax)] string? Reference = null,
    [property: StringLength(InputLimits.NoteMax)] string? Note = null);

/// <summary>Points that staff give or take.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Points">Given when positive, taken when negative, never 0.</param>
/// <param name="Reason">Why, a code that reports sum by.</param>
/// <param name="Note">For people; sealed, no answer shows it.</param>
public sealed record AdjustmentBody(
    [property: Range(-InputLimits.AmountMax, InputLimits.AmountMax)] long Points,
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string Reason,
    [property: StringLength(InputLimits.NoteMax)] string? Note = null);
