using System.Globalization;
using System.Text.Json;
using Lifecycle.Cli.Output;

namespace Lifecycle.Cli.Import;

/// <summary>What an import ends with. Every line of the file is either used or in quarantine.</summary>
internal sealed record ImportSummary(ImportFile File, ImportTotals Totals, TimeSpan Reading, TimeSpan Sending)
{
    /// <summary>Lines that went to nobody, and lines of invoices that the server put into quarantine.</summary>
    public long LinesQuarantined => File.Problems.Count + Totals.LinesQuarantined;

    private double Seconds => Reading.TotalSeconds + Sending.TotalSeconds;

    private double InputsPerSecond => Totals.Inputs / Math.Max(Sending.TotalSeconds, 0.001);

    private IReadOnlyList<(string Reason, int Lines)> LineReasons => ReasonsOf(File);

    /// <summary>What a run without sending ends with.</summary>
    public static void WriteCheck(Utf8JsonWriter json, ImportFile file)
    {
        json.WriteStartObject();
        json.WriteBoolean("dry_run", true);
        json.WriteNumber("lines_read", file.LinesRead);
        json.WriteNumber("lines_used", file.LinesRead - file.Problems.Count);
        json.WriteNumber("lines_quarantined", file.Problems.Count);
        json.WriteNumber("inputs", file.Events.Count);
        json.WriteNumber("skipped_local_times", file.SkippedTimes);
        json.WriteNumber("ambiguous_local_times", file.AmbiguousTimes);
        json.WriteStartObject("unreadable_lines");
        foreach (var (reason, lines) in ReasonsOf(file)) json.WriteNumber(reason, lines);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteCheck(TextWriter writer, ImportFile file)
    {
        writer.WriteLine(Invariant($"lines   {file.LinesRead:N0} read = {file.LinesRead - file.Problems.Count:N0} usable")
            + Invariant($" + {file.Problems.Count:N0} with problems"));
        writer.WriteLine(Invariant($"inputs  {file.Events.Count:N0} would be sent; this was a dry run"));
        foreach (var (reason, lines) in ReasonsOf(file)) writer.WriteLine(Invariant($"        {lines:N0} lines: {reason}"));
        WriteLocalTimes(writer, file);
    }

    private static List<(string Reason, int Lines)> ReasonsOf(ImportFile file) =>
        file.Problems.CountBy(problem => problem.Reason).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (pair.Key, pair.Value)).ToList();

    public void WriteJson(TextWriter writer) => JsonOut.Write(writer, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("lines_read", File.LinesRead);
        json.WriteNumber("lines_used", Totals.LinesUsed);
        json.WriteNumber("lines_quarantined", LinesQuarantined);
        json.WriteNumber("inputs", Totals.Inputs);
        json.WriteNumber("accepted", Totals.Accepted);
        json.WriteNumber("duplicates", Totals.Duplicates);
        json.WriteNumber("quarantined", Totals.Quarantined);
        json.WriteNumber("seconds", Math.Round(Seconds, 3));
        json.WriteNumber("reading_seconds", Math.Round(Reading.TotalSeconds, 3));
        json.WriteNumber("sending_seconds", Math.Round(Sending.TotalSeconds, 3));
        json.WriteNumber("inputs_per_second", Math.Round(InputsPerSecond, 1));
        json.WriteNumber("skipped_local_times", File.SkippedTimes);
        json.WriteNumber("ambiguous_local_times", File.AmbiguousTimes);
        json.WriteStartObject("quarantined_reasons");
        foreach (var (reason, inputs) in Totals.Reasons) json.WriteNumber(reason, inputs);
        json.WriteEndObject();
        json.WriteStartObject("unreadable_lines");
        foreach (var (reason, lines) in LineReasons) json.WriteNumber(reason, lines);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public void WriteText(TextWriter writer)
    {
        writer.WriteLine(Invariant(
            $"lines   {File.LinesRead:N0} read = {Totals.LinesUsed:N0} used + {LinesQuarantined:N0} quarantined"));
        writer.WriteLine(Invariant($"inputs  {Totals.Inputs:N0} = {Totals.Accepted:N0} accepted")
            + Invariant($" + {Totals.Duplicates:N0} duplicates + {Totals.Quarantined:N0} quarantined"));
        foreach (var (reason, inputs) in Totals.Reasons)
            writer.WriteLine(Invariant($"        {inputs:N0} in the server's quarantine: {reason}"));
        foreach (var (reason, lines) in LineReasons)
            writer.WriteLine(Invariant($"        {lines:N0} lines sent to nobody: {reason}"));
        WriteLocalTimes(writer, File);
        writer.WriteLine(Invariant($"time    {Seconds:N1} s: {Reading.TotalSeconds:N1} s reading, ")
            + Invariant($"{Sending.TotalSeconds:N1} s sending ({InputsPerSecond:N0} inputs/s)"));
    }

    public static void WriteLocalTimes(TextWriter writer, ImportFile file)
    {
        if (file.SkippedTimes > 0)
            writer.WriteLine(Invariant($"        {file.SkippedTimes:N0} local times that clocks leapt over, taken as later"));
        if (file.AmbiguousTimes > 0)
            writer.WriteLine(Invariant($"        {file.AmbiguousTimes:N0} local times that clocks showed twice"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
