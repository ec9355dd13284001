using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;

namespace Lifecycle.Domain.Customers;

/// <summary>What an input means: effects, or a refusal that says why.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    public sealed record Accepted(ImmutableArray<Effect> Effects) : Decision
    {
        /// <summary>The turn it was decided in, whose state has the effects already.</summary>
        internal Decider.Turn? Turn { get; init; }
    }

    /// <param name="Code">A problem code; for events the reason of their quarantine.</param>
    /// <param name="Detail">For a person: what is wrong and what to do.</param>
    public sealed record Refused(string Code, string Detail) : Decision;
}

/// <summary>The codes that decisions refuse with. Stored names.</summary>
public static class RefusalCodes
{
    public const string InsufficientPoints = "insufficient_points";
    public const string ReasonRequired = "reason_required";
    public const string InvalidPoints = "invalid_points";
    public const string CurrencyNotInProgram = "currency_not_in_program";
    public const string OrderIdReused = "order_id_reused";
    public const string UnknownOrderKind = "unknown_order_kind";
    public const string RuleFailed = "rule_failed";
    public const string SameId = "same_id";
    public const string TooManyAliases = "too_many_aliases";
    public const string NotAnAlias = "not_an_alias";
    public const string AliasNested = "alias_nested";
}

/// <summary>Older entries that a decision must see.</summary>
/// <param name="Seqs">By number.</param>
/// <param name="Order">
/// Also every entry of this order, which is no longer open: the one that placed it and its returns.
/// </param>
public sealed record Needs(ImmutableArray<long> Seqs, OrderKey? Order)
{
    public static readonly Needs Nothing = new([], null);

    /// <summary>Entries of other journals, by number.</summary>
    public ImmutableArray<EntryRef> Elsewhere { get; init; } = [];

    /// <summary>An alias that is to be taken out: what <see cref="SplitHistory"/> makes of all entries.</summary>
    public Hash16? Alias { get; init; }

    public bool IsNothing => Seqs.IsEmpty && Order is null && Elsewhere.IsEmpty && Alias is null;
}
