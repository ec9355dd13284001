using System.Diagnostics.Metrics;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// The meter <c>Lifecycle.Engine</c>: what is under way, what waits and what was done. Names are for ever; the table of
/// all is in docs/operations.md.
/// </summary>
/// <remarks>The host's, not the engine's: one that nobody hosts has none. The factory owns it.</remarks>
internal static class EngineMeter
{
    public const string Name = "Lifecycle.Engine";

    /// <summary>Seconds: a fast disk, a slow one, and one that is in trouble.</summary>
    private static readonly double[] Durations =
        [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly long[] Sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

    public static void Watch(IMeterFactory meters, LifecycleEngine engine)
    {
        var meter = meters.Create(Name);
        WatchInputs(meter, engine);
        WatchJournal(meter, engine);
        WatchBeside(meter, engine);
    }

    private static void WatchInputs(Meter meter, LifecycleEngine engine)
    {
        meter.CreateObservableGauge(
            "lifecycle.inputs.active", () => engine.InputsInFlight, "{input}", "Inputs under way.");
        meter.CreateObservableCounter(
            "lifecycle.inputs", () => EngineCounts.Outcomes.Select((outcome, place) => new Measurement<long>(
                engine.Counts.Inputs(place), new KeyValuePair<string, object?>("outcome", outcome))),
            "{input}", "Inputs that were answered, where they were decided.");
        meter.CreateObservableGauge(
            "lifecycle.customers.resident", () => engine.Residents, "{customer}", "Customers in memory.");
        meter.CreateObservableGauge(
            "lifecycle.customers.isolated", () => engine.Isolation.Customers.Count, "{customer}",
            "Customers whose journal cannot be folded, found since the start.");
        engine.Counts.ActivationDuration = meter.CreateHistogram(
            "lifecycle.customers.activation.duration", "s", "How long a customer took from the store into memory.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Durations });
    }

    private static void WatchJournal(Meter meter, LifecycleEngine engine)
    {
        meter.CreateObservableGauge(
            "lifecycle.journal.queued", () => engine.JournalQueued, "{submission}", "Submissions that wait for a transaction.");
        meter.CreateObservableCounter(
            "lifecycle.journal.entries", () => engine.Counts.Entries, "{entry}", "Entries that were committed.");
        meter.CreateObservableCounter(
            "lifecycle.journal.commits.failed", () => engine.Counts.CommitsFailed, "{commit}",
            "Commits that failed, or of which nobody knows.");
        engine.Counts.CommitDuration = meter.CreateHistogram(
            "lifecycle.journal.commit.duration", "s", "How long a commit took.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Durations });
        engine.Counts.CommitSize = meter.CreateHistogram(
            "lifecycle.journal.commit.size", "{entry}", "Entries of a commit.", tags: null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = Sizes });
    }

    private static void WatchBeside(Meter meter, LifecycleEngine engine)
    {
        meter.CreateObservableGauge(
            "lifecycle.projection.pending", () => engine.Projector.Pending, "{customer}",
            "Customers whose row in the table of customers is not written yet.");
        meter.CreateObservableGauge(
            "lifecycle.projection.lag", () => engine.Projector.Behind, "{entry}",
            "Entries that the table of customers does not show yet.");
        meter.CreateObservableCounter(
            "lifecycle.schedule.ticks", () => engine.Scheduler.Ticked, "{customer}",
            "Customers for whom something was due and is done.");
        meter.CreateObservableCounter(
            "lifecycle.schedule.ticks.failed", () => engine.Scheduler.TicksFailed, "{customer}",
            "Customers for whom something was due and could not be done yet.");
        meter.CreateObservableGauge(
            "lifecycle.lease.remaining", () => engine.Gate.LeaseLeft.TotalSeconds, "s",
            "How long the process may still answer without hearing from the store.");
        meter.CreateObservableGauge(
            "lifecycle.clock.offset", () => engine.Gate.ClockAhead is { } ahead
                ? new[] { new Measurement<double>(ahead.TotalSeconds) }
                : [],
            "s", "How far the clock is ahead of the database's.");
    }
}
