using System.Globalization;

namespace Lifecycle.Cli.Output;

/// <summary>How far a long piece of work has come.</summary>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
/// <param name="PerSecond">Since the start.</param>
/// <param name="Left">At that rate; null before the first unit is done.</param>
internal readonly record struct ProgressState(long Done, long Total, double PerSecond, TimeSpan? Left)
{
    public static ProgressState Of(long done, long total, TimeSpan elapsed)
    {
        var perSecond = done / Math.Max(elapsed.TotalSeconds, 0.001);
        TimeSpan? left = done > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - done) / perSecond) : null;
        return new(done, total, perSecond, left);
    }

    /// <summary>For a log.</summary>
    public string ToLine(string title, string unit)
    {
        var left = Left is { } time ? $", {time:h\\:mm\\:ss} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{title}: {Done:N0} of {Total:N0} {unit}, {PerSecond:N0} per second{left}");
    }
}
