using System.ComponentModel.DataAnnotations;
using Lifecycle.Domain.Inputs;
using Lifecycle.Web.Documentation;

namespace Lifecycle.Web.Events;

/// <summary>Something that happened to a customer.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Source">The channel or system that sends it; api when absent.</param>
/// <param name="Type">Built-in types have declared fields; others are taken, and their data is sealed whole.</param>
/// <param name="Customer">The customer's id or any alias.</param>
/// <param name="OccurredAt">When it happened, at most five minutes ahead of the server; its time when absent.</param>
/// <param name="Data">The declared fields of the type, and any others.</param>
public sealed record EventBody(
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string Id,
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string Type,
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string Customer,
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string? Source = null,
    DateTime? OccurredAt = null, EventDataBody? Data = null);
