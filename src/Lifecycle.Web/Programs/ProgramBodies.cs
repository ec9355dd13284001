using System.ComponentModel.DataAnnotations;
using Lifecycle.Domain.Programs;

namespace Lifecycle.Web.Programs;

/// <summary>A program document.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Document">The YAML, as it is to be kept.</param>
public sealed record ProgramDraftBody(
    [property: StringLength(ProgramLimits.DocumentBytesMax, MinimumLength = 1)] string Document);

/// <summary>When a version is to rule.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="EffectiveAt">At least 2 s ahead; as soon as allowed when absent.</param>
public sealed record ActivationDraftBody(DateTime? EffectiveAt = null);
