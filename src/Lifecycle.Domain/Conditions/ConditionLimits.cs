namespace Lifecycle.Domain.Conditions;

/// <summary>The maxima of one condition. They bound the work and the stack whatever comes in.</summary>
public static class ConditionLimits
{
    /// <summary>Characters of a condition's text.</summary>
    public const int ConditionTextMax = 2_000;

    /// <summary>
    /// Levels of nesting: parentheses, signs and operators inside each other. Terms joined by <c>&amp;&amp;</c> or
    /// <c>||</c> are one level however many they are.
    /// </summary>
    public const int DepthMax = 64;

    /// <summary>Errors reported for one text; the rest would mostly follow from the first.</summary>
    public const int ErrorsMax = 10;
}
