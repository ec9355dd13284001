namespace Lifecycle.Domain.Points;

/// <summary>
/// The accounts of the points ledger. Every movement debits one and credits another by the same amount, so the
/// balances (credits less debits) of a customer, a program or any set of them add up to zero.
/// </summary>
public enum Account : byte
{
    /// <summary>Where earned points come from; its balance is minus what was ever earned.</summary>
    Issued = 0,
    Available = 1,
    Pending = 2,
    Held = 3,
    Redeemed = 4,
    Expired = 5,
    Reversed = 6,

    /// <summary>Where points given by staff come from and points taken by staff go.</summary>
    Adjusted = 7,
    Transferred = 8,
}

/// <summary>The stored names of the accounts.</summary>
public static class Accounts
{
    public const int Count = 9;

    private static readonly string[] Names =
        ["issued", "available", "pending", "held", "redeemed", "expired", "reversed", "adjusted", "transferred"];

    public static string Name(this Account account) => Names[(int)account];
}
