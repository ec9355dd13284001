namespace Lifecycle.Domain.Metrics;

/// <summary>What is counted besides orders and returns. Stored numbers.</summary>
public enum ActivityKind : byte
{
    Visit = 0,
    ProductView = 1,
    Search = 2,
    Referral = 3,
}
