namespace Lifecycle.Engine;

/// <summary>The codes of <see cref="UnavailableException"/>. They become problem codes.</summary>
public static class UnavailableCodes
{
    /// <summary>A limit of inputs under way is reached.</summary>
    public const string Overloaded = "overloaded";

    /// <summary>The store failed, or the process may not answer now.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The customer's journal cannot be folded.</summary>
    public const string Isolated = "customer_isolated";
}
