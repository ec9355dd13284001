using System.Text.Json;

namespace Lifecycle.Overload.Load;

/// <summary>What the process of the load is asked to do; a line of JSON.</summary>
/// <param name="Prefix">Of the ids of events: two plans over one store have two.</param>
/// <param name="PhaseSeconds">One phase after the other.</param>
/// <param name="Closed">
/// So many requests of the first stream at once, each as soon as there is an answer; 0 for the streams' schedule.
/// </param>
internal sealed record LoadPlan(
    Uri Address, string Key, string Prefix, double[] PhaseSeconds, LoadStream[] Streams, int Seed, string Folder,
    int Closed = 0)
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Connections of the load: more than the server lets wait, so that it is who refuses.</summary>
    public const int ConnectionsMax = 12_000;

    public double Seconds => PhaseSeconds.Sum();

    /// <summary>What became of each event of a stream, a byte for each.</summary>
    public string OutcomesFile(LoadStream stream) => Path.Combine(Folder, $"{Prefix}-{stream.Name}.outcomes");
}

/// <summary>Requests of one kind at a fixed rate in each phase.</summary>
/// <param name="FirstCustomer">The number of the first of its customers.</param>
/// <param name="Customers">How many it has; each request is for one of them, by chance.</param>
/// <param name="PerSecond">Requests a second, phase by phase.</param>
internal sealed record LoadStream(
    string Name, RequestKind Kind, int FirstCustomer, int Customers, double[] PerSecond);

internal enum RequestKind
{
    /// <summary>A visit that has just happened.</summary>
    Event,

    /// <summary>A visit of yesterday: whether it came before has to be looked up in the journal.</summary>
    LateEvent,

    /// <summary>A status.</summary>
    Status,
}

/// <summary>What became of a request.</summary>
internal enum Outcome : byte
{
    /// <summary>It was never sent: the load had no connection left.</summary>
    Unsent,

    /// <summary>2xx.</summary>
    Accepted,

    /// <summary>429 with a Retry-After of a second or more.</summary>
    Refused,

    /// <summary>429 without it.</summary>
    RefusedBare,

    /// <summary>503.</summary>
    Unavailable,

    /// <summary>Any other status.</summary>
    Other,

    /// <summary>Nobody listens.</summary>
    NotConnected,

    /// <summary>A connection that had carried answers ended without this one.</summary>
    Cut,

    /// <summary>A new connection ended without an answer: it may never have been accepted.</summary>
    CutNew,

    /// <summary>No answer until the end.</summary>
    Unanswered,
}
