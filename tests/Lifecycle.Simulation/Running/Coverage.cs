using System.Reflection;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine;
using Lifecycle.Simulation.Clients;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Running;

/// <summary>What has to happen in a set of histories for it to prove anything.</summary>
public static class Coverage
{
    private static readonly string[] Faults =
    [
        "clock set far", "clock set near", "freeze", "kill", "kill one of two", "power loss", "replaced", "stop",
        "table lost", "two at once", "unsynced rows lost",
        .. from call in Enum.GetValues<StoreCall>()
           from fate in Enum.GetValues<Fate>()
           where fate != Fate.FailLate || call == StoreCall.Append
           select $"{call} {fate}",
    ];

    private static readonly string[] Operations =
    [
        .. Enum.GetNames<Ask>(), "Activate", "Changed", "Look", "Look judged", "Merge", "Unmerge", "Withdraw",
    ];

    private static readonly string[] Answers =
    [
        "accepted", "accepted before", "id_reused", "linked", "linked before", "stale", RefusalCodes.InsufficientPoints,
        RefusalCodes.NotAnAlias, RefusalCodes.OrderIdReused, RefusalCodes.SameId, UnavailableCodes.Unavailable,
        .. new[] { "inputs", "inputs for this customer", "requests for this customer" }
            .Select(what => $"{UnavailableCodes.Overloaded}: Too many {what} are under way."),
    ];

    /// <summary>Every effect that there is, and every cause for which points move.</summary>
    private static IEnumerable<string> Effects => typeof(Effect).GetNestedTypes()
        .Where(type => type.IsSubclassOf(typeof(Effect)) && type != typeof(Effect.PointsMoved))
        .Select(type => type.Name)
        .Concat(typeof(Causes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(cause => $"PointsMoved {cause.GetRawConstantValue()}"));

    /// <summary>What never happened, and must.</summary>
    public static IReadOnlyList<string> Missing(Counts counts) =>
    [
        .. Faults.Where(name => !counts.Faults.ContainsKey(name)),
        .. Operations.Where(name => !counts.Operations.ContainsKey(name)),
        .. Answers.Where(name => !counts.Answers.ContainsKey(name)),
        .. Effects.Where(name => !counts.Effects.ContainsKey(name)),
    ];
}
