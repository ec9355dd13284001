namespace Lifecycle.Overload.Load;

/// <summary>What became of a plan.</summary>
/// <param name="Seconds">From the start to the last answer.</param>
/// <param name="SendDelayMaxMs">How late a request was sent: for so long the machine did something else.</param>
internal sealed record LoadResult(
    IReadOnlyList<StreamResult> Streams, double Seconds, int ConnectionsOpened, double SendDelayMaxMs)
{
    public StreamResult this[string name] => Streams.First(stream => stream.Name == name);
}

internal sealed record StreamResult(
    string Name, IReadOnlyList<PhaseResult> Phases, IReadOnlyList<SecondResult> Seconds, int RetryAfterMin,
    int RetryAfterMax);

/// <param name="Outcomes">By name; what did not happen is not there.</param>
/// <param name="P50Ms">Of those accepted, from the instant they were due; so are the others.</param>
internal sealed record PhaseResult(
    double Seconds, IReadOnlyDictionary<Outcome, long> Outcomes, double P50Ms, double P99Ms, double MaxMs,
    double RefusedP99Ms)
{
    public long Due => Outcomes.Values.Sum();

    public long Accepted => Of(Outcome.Accepted);

    public long Refused => Of(Outcome.Refused);

    public double AcceptedPerSecond => Accepted / Seconds;

    public long Of(Outcome outcome) => Outcomes.GetValueOrDefault(outcome);

    /// <summary>Neither accepted nor refused as it should be.</summary>
    public long Wrong => Due - Accepted - Refused;

    public override string ToString() =>
        string.Join(", ", Outcomes.OrderBy(o => o.Key).Select(o => $"{o.Key} {o.Value}"));
}

/// <summary>The requests that were due in one second.</summary>
internal sealed record SecondResult(long Accepted, long NotAccepted, double WorstMs);
