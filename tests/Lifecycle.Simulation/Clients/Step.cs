using System.Collections.Immutable;
using Lifecycle.Simulation.Running;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Clients;

/// <summary>What a client asks for.</summary>
public enum Ask
{
    Order,

    /// <summary>An order under a number that another order has.</summary>
    SameOrder,
    Return,
    Visit,
    Redeem,
    Adjust,
}

/// <summary>One line of a script. A script without some of its lines is a script too.</summary>
public abstract record Step
{
    private Step()
    {
    }

    /// <summary>Its number in the whole script.</summary>
    public int Line { get; init; }

    /// <summary>Pieces of work that are done before the next line.</summary>
    public int Then { get; init; }

    /// <summary>An input that is new.</summary>
    /// <param name="Number">Its id, and that of the order it places.</param>
    /// <param name="Customer">Who it is for.</param>
    /// <param name="Amount">Of money or of points.</param>
    /// <param name="About">The number of an order that may have come, may come later or never comes.</param>
    /// <param name="AgoMinutes">When it happened; below zero where it has no time of its own.</param>
    public sealed record Send(
        int Number, int Customer, Ask Ask, long Amount, int About, int AgoMinutes, bool Historical, bool Matched,
        bool Keyed, bool Private) : Step;

    /// <summary>The same input again; <paramref name="Changed"/> with another body.</summary>
    public sealed record Again(int Number, bool Changed) : Step;

    /// <summary>Several inputs of several customers in one request.</summary>
    public sealed record Together(ImmutableList<Send> Sends) : Step
    {
        public override string ToString() => $"Together {{ {string.Join("; ", Sends)} }}";
    }

    public sealed record Look(int Customer) : Step;

    public sealed record Merge(int Number, int Into, int From) : Step;

    public sealed record Unmerge(int Number, int Customer, int Alias) : Step;

    public sealed record Wait(long Micros) : Step;

    /// <summary>The whole machine stands still.</summary>
    public sealed record Freeze(long Micros) : Step;

    public sealed record Kill(bool Older) : Step;

    /// <summary>Every process dies, and what was not synced is lost but for some.</summary>
    public sealed record LosePower(int Kept) : Step;

    public sealed record LoseTable : Step;

    public sealed record Stop : Step;

    /// <summary>A second process, beside the one that runs.</summary>
    public sealed record StartSecond(bool Replaces) : Step;

    public sealed record Fault(StoreCall Call, Fate Fate) : Step;

    public sealed record SetClock(long Micros) : Step;

    public sealed record ConfirmClock : Step;

    /// <param name="Meets">What happens to the store's call for it.</param>
    public sealed record Activate(int Version, int DelaySeconds, Fate? Meets) : Step;

    public sealed record Withdraw : Step;
}
