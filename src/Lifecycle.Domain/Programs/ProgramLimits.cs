namespace Lifecycle.Domain.Programs;

/// <summary>The maxima of a program document.</summary>
public static class ProgramLimits
{
    /// <summary>Bytes of the document in UTF-8.</summary>
    public const int DocumentBytesMax = 256 * 1024;

    public const int StagesMax = 32;

    public const int EarnRulesMax = 64;

    /// <summary>Versions that an installation stores; each start reads them all.</summary>
    public const int VersionsMax = 1_000;

    /// <summary>Activations that an installation stores, withdrawn ones too.</summary>
    public const int ActivationsMax = 10_000;

    /// <summary>How far ahead an activation may lie, in days: a year with a month to spare.</summary>
    public const int ActivationDaysAheadMax = 400;

    /// <summary>Characters of a program's, a stage's, a rule's or the points' name.</summary>
    public const int NameMax = 64;

    /// <summary>Errors reported for one document.</summary>
    public const int ErrorsMax = 100;
}
