using System.Globalization;
using System.Text.Json;

namespace Lifecycle.Cli.Import;

/// <summary>One event that a file gives, and where it is in the file.</summary>
internal abstract class ImportEvent(DateTime at)
{
    public abstract string Id { get; }

    /// <summary>Null where the file names none.</summary>
    public abstract string? Customer { get; }

    /// <summary>Where the file first names it.</summary>
    public abstract long FileLine { get; }

    /// <summary>How many lines of the file it is made of.</summary>
    public abstract int LineCount { get; }

    /// <summary>Those lines, where the file's report names them.</summary>
    public virtual IReadOnlyList<long> FileLines => [FileLine];

    /// <summary>UTC: the earliest time of its lines.</summary>
    public DateTime At { get; private set; } = at;

    protected string OccurredAt => At.ToString(
        At.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
        CultureInfo.InvariantCulture);

    /// <param name="json">Stands where a value is expected.</param>
    /// <param name="currency">Named in the event where its file names none; null to name none.</param>
    public abstract void WriteTo(Utf8JsonWriter json, string? currency);

    public void Shift(TimeSpan by) => At += by;

    protected void BeginNotAfter(DateTime at)
    {
        if (at < At) At = at;
    }
}

/// <summary>What was read of a file: every line is of an event or has a problem.</summary>
/// <param name="LinesRead">Lines after the column names.</param>
/// <param name="Events">In the order of their time.</param>
/// <param name="Problems">Lines that belong to none of the events.</param>
internal sealed record ImportFile(
    long LinesRead, IReadOnlyList<ImportEvent> Events, IReadOnlyList<LineProblem> Problems)
{
    /// <summary>Local times that clocks leapt over, taken as that much later.</summary>
    public long SkippedTimes { get; init; }

    /// <summary>Local times that clocks showed twice.</summary>
    public long AmbiguousTimes { get; init; }

    /// <summary>
    /// Moves every event by the same number of whole days, so that the latest is of the last 24 hours: a second import
    /// on the same day gives the same events.
    /// </summary>
    public void ShiftToNow(DateTimeOffset now)
    {
        if (Events.Count == 0) return;
        var days = Math.Floor((now.UtcDateTime - Events.Max(e => e.At)).TotalDays);
        foreach (var item in Events) item.Shift(TimeSpan.FromDays(days));
    }
}
