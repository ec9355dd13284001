namespace Lifecycle.Overload.Site;

/// <summary>How slow the disk is: what is waited for before each commit and before each look-up.</summary>
internal sealed record Slowness(TimeSpan Commit, TimeSpan LookUp)
{
    public static readonly Slowness None = new(TimeSpan.Zero, TimeSpan.Zero);
}
