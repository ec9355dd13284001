using System.Collections.Immutable;
using Lifecycle.Engine.Programs;

namespace Lifecycle.Engine.Hosting;

/// <summary>What became of a request to change the programs.</summary>
public abstract record ProgramOutcome<T>
{
    private ProgramOutcome()
    {
    }

    /// <param name="Value">What there is now.</param>
    /// <param name="IsNew">False when it was there before: doing it twice is success.</param>
    public sealed record Done(T Value, bool IsNew) : ProgramOutcome<T>;

    /// <summary>The document cannot be used; every error has its place.</summary>
    public sealed record Invalid(ImmutableArray<ProgramError> Errors) : ProgramOutcome<T>;

    /// <summary>There is no such version or activation.</summary>
    public sealed record Absent(string Detail) : ProgramOutcome<T>;

    /// <param name="Code">A problem code of <see cref="ProgramRefusals"/>.</param>
    /// <param name="Detail">For a person: why, and what to do.</param>
    public sealed record Refused(string Code, string Detail) : ProgramOutcome<T>;
}

/// <summary>Why a change of the programs is refused. Problem codes: stored names.</summary>
public static class ProgramRefusals
{
    /// <summary>Too soon, too far ahead, or before one that is scheduled.</summary>
    public const string InvalidEffectiveAt = "invalid_effective_at";

    /// <summary>It rules already, or will in a moment.</summary>
    public const string ActivationInEffect = "activation_in_effect";

    /// <summary>A maximum of <see cref="Domain.Programs.ProgramLimits"/> is reached.</summary>
    public const string TooManyPrograms = "too_many_programs";
}
