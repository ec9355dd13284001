using System.ComponentModel.DataAnnotations;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// The engine's limits. Each has a range; a value outside stops the process at start, naming the option.
/// </summary>
public sealed class EngineOptions
{
    /// <summary>Entries in one transaction of the journal; 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int BatchEntriesMax { get; set; } = 4_096;

    /// <summary>Submissions that wait for the journal writer; 1 to 1,000,000. When full, actors wait.</summary>
    [Range(1, 1_000_000)]
    public int WriterQueueMax { get; set; } = 4_096;

    /// <summary>
    /// Inputs under way in the process; past it callers are told to come back. A request that is larger goes alone.
    /// 1 to 10,000,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int InputsInFlightMax { get; set; } = 50_000;

    /// <summary>
    /// Inputs under way for one customer, so that a hot one does not starve the rest. A request that is larger goes
    /// alone. 1 to 1,000,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int CustomerInputsInFlightMax { get; set; } = 10_000;

    /// <summary>How often inputs whose batch failed are decided anew before their sender is told; 1 to 10.</summary>
    [Range(1, 10)]
    public int AttemptsMax { get; set; } = 3;

    /// <summary>Ticks in one submission; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int TicksPerTurnMax { get; set; } = 256;

    /// <summary>Customers kept in memory; past it the least recently used leave. 1 to 100,000,000.</summary>
    [Range(1, 100_000_000)]
    public int ResidentMax { get; set; } = 1_000_000;

    /// <summary>A customer unused for this long leaves memory; a second to a day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A customer unused for this long is kept in memory packed, at less than half of the bytes; the next use costs
    /// some microseconds more. Somebody looks at least every 30 s. A second to a day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PackAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long changes of a customer gather before its row is written; 10 ms to a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ProjectionDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Customers whose rows wait to be written; past it the journal writer waits. 1 to 10,000,000.</summary>
    [Range(1, 10_000_000)]
    public int ProjectionPendingMax { get; set; } = 200_000;

    /// <summary>How often the scheduler looks for customers that are due; 50 ms to a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan ScheduleEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Customers a second whose due instants the sweep looks at after a change of the programs; 1 to 1,000,000. The
    /// default is through with a million in less than four minutes and leaves the disk to those who write.
    /// </summary>
    [Range(1, 1_000_000)]
    public int SweepCustomersPerSecondMax { get; set; } = 5_000;

    /// <summary>A customer in back-fill is left alone by the scheduler until this long after its last input.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BackfillQuiet { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Answers are given only within this long of the last contact with the journal's lock.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A clock that moves by more than this against the monotonic one stops all decisions until confirmed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "30.00:00:00")]
    public TimeSpan ClockJumpMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Where everything that the engine starts by itself runs. A host that orders all work itself, such as the
    /// simulator, also calls the engine from there: what is awaited goes on where it began.
    /// </summary>
    internal TaskScheduler Turns { get; init; } = TaskScheduler.Default;
}
