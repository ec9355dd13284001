using System.Text.Json;

namespace Lifecycle.Benchmarks.Figures;

/// <summary>The same for machines: every round of every contender.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true,
    };

    /// <param name="conditions">The machine and the settings, as they were printed.</param>
    public static async Task WriteAsync(
        string path, IReadOnlyDictionary<string, string> conditions, IReadOnlyList<RowResult> results)
    {
        await using var file = File.Create(path);
        await JsonSerializer.SerializeAsync(
            file, new { Conditions = conditions, Rows = results.Select(Of) }, Json);
    }

    private static object Of(RowResult result) => new
    {
        result.Row.Name,
        result.Row.What,
        Unmeasured = result.Reason,
        Ours = result.Ours is { } ours ? Of(ours) : null,
        Target = result.Row.Target?.Text,
        result.IsMet,
        Beside = result.Comparisons.Select(compared => new
        {
            Baseline = Of(compared.Baseline),
            compared.Ratio,
            compared.ProcessorRatio,
            Target = compared.Target?.Text,
            compared.IsMet,
        }),
    };

    private static object Of(Measured measured) => new
    {
        measured.Contender.Name,
        measured.Contender.Unit,
        measured.Spread.Median,
        measured.Spread.Low,
        measured.Spread.High,
        LagSeconds = measured.Lag?.TotalSeconds,
        ProcessorMicroseconds = measured.Processor,
        LatencyMilliseconds = measured.Latency,
        Rounds = measured.Samples.Select(sample => sample.Value),
    };
}
