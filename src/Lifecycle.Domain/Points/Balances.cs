using System.Runtime.CompilerServices;

namespace Lifecycle.Domain.Points;

/// <summary>The balance (credits less debits) of every account; they add up to zero.</summary>
[InlineArray(Accounts.Count)]
public struct Balances : IEquatable<Balances>
{
    private long _first;

    public readonly long Of(Account account) => this[(int)account];

    internal void Set(Account account, long balance) => this[(int)account] = balance;

    internal void Move(Account debit, Account credit, long points)
    {
        this[(int)debit] -= points;
        this[(int)credit] += points;
    }

    internal readonly Balances Minus(Balances other)
    {
        var rest = this;
        for (var i = 0; i < Accounts.Count; i++) rest[i] -= other[i];
        return rest;
    }

    /// <summary>Zero, or the ledger is broken.</summary>
    public readonly long Trial()
    {
        var sum = 0L;
        foreach (var balance in this) sum += balance;
        return sum;
    }

    public readonly bool Equals(Balances other)
    {
        for (var i = 0; i < Accounts.Count; i++)
            if (this[i] != other[i]) return false;
        return true;
    }

    public static bool operator ==(Balances left, Balances right) => left.Equals(right);

    public static bool operator !=(Balances left, Balances right) => !left.Equals(right);

    public override readonly bool Equals(object? obj) => obj is Balances other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[1], this[2], this[4]);
}
