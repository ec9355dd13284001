namespace Lifecycle.Client;

/// <summary>How events are sent.</summary>
public sealed record EventOptions
{
    /// <summary>Decide each event at its own time: a back-fill.</summary>
    public bool Historical { get; init; }

    /// <summary>Which results the answer lists. Default: those with problems.</summary>
    public ResultsWanted Results { get; init; }
}

/// <summary>Which events an answer lists by themselves; the totals count all.</summary>
public enum ResultsWanted
{
    Problems,

    /// <summary>With receipts.</summary>
    All,
    None,
}

/// <summary>What became of events.</summary>
public sealed record EventsAnswer(
    long Accepted, long Duplicates, long Quarantined, IReadOnlyList<EventResult> Results)
{
    internal static readonly EventsAnswer Nothing = new(0, 0, 0, []);

    internal long Count => Accepted + Duplicates + Quarantined;

    /// <summary>Both, with the later results counted on.</summary>
    internal EventsAnswer Plus(EventsAnswer later) => new(
        Accepted + later.Accepted, Duplicates + later.Duplicates, Quarantined + later.Quarantined,
        [.. Results, .. later.Results.Select(result => result with { Index = result.Index + (int)Count })]);
}

/// <param name="Index">Which event of those sent, from 0.</param>
/// <param name="Status"><c>accepted</c>, <c>duplicate</c> or <c>quarantined</c>.</param>
/// <param name="Receipt">With <see cref="ResultsWanted.All"/>; of a duplicate the first one.</param>
/// <param name="Problem">Why it went to quarantine.</param>
public sealed record EventResult(
    string Status, int Index = 0, string? Id = null, string? Customer = null, Receipt? Receipt = null,
    EventProblem? Problem = null);

/// <param name="Type">Ends with the reason, a stable name.</param>
/// <param name="Errors">By JSON pointer into the event, where fields are wrong.</param>
public sealed record EventProblem(
    string Type, string Detail = "", IReadOnlyDictionary<string, string>? Errors = null)
{
    /// <summary>The last part of the type, such as <c>missing_customer</c>.</summary>
    public string Reason => Type[(Type.LastIndexOf('/') + 1)..];
}
