namespace Lifecycle.Postgres.Tests.Support;

/// <summary>The clock of a machine that is ahead of the others, or behind.</summary>
public sealed class SkewedClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
