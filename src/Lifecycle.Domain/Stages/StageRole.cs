namespace Lifecycle.Domain.Stages;

/// <summary>What makes a customer be in a stage; stored with every transition.</summary>
public enum StageRole : byte
{
    /// <summary>The stage's condition.</summary>
    Growth = 0,

    /// <summary>Silence past the at-risk quantile of the customer's own gap.</summary>
    AtRisk = 1,

    /// <summary>Silence past the dormant quantile.</summary>
    Dormant = 2,

    /// <summary>An order within the horizon has become improbable.</summary>
    Churned = 3,

    /// <summary>An order after Dormant or Churned, for a while.</summary>
    Reactivated = 4,
}
