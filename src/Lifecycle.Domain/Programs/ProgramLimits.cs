namespace Lifecycle.Domain.Programs;

/// <summary>The maxima of a program document.</summary>
public static class ProgramLimits
{
    /// <summary>Bytes of the document in UTF-8.</summary>
    public const int DocumentBytesMax = 256 * 1024;

    public const int StagesMax = 32;

    public const int EarnRulesMax = 64;

    /// <summary>Characters of a program's, a stage's, a rule's or the points' name.</summary>
    public const int NameMax = 64;

    /// <summary>Errors reported for one document.</summary>
    public const int ErrorsMax = 100;
}
