using System.Globalization;

namespace Lifecycle.Cli.Output;

/// <summary>How far a long piece of work has come.</summary>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; null where nobody knows.</param>
/// <param name="PerSecond">Since the start.</param>
/// <param name="Left">At that rate; null before the first unit is done, and where nobody knows.</param>
internal readonly record struct ProgressState(long Done, long? Total, double PerSecond, TimeSpan? Left)
{
    public static ProgressState Of(long done, long? total, TimeSpan elapsed)
    {
        var perSecond = done / Math.Max(elapsed.TotalSeconds, 0.001);
        TimeSpan? left = done > 0 && total is { } all ? TimeSpan.FromSeconds(Math.Max(0, all - done) / perSecond) : null;
        return new(done, total, perSecond, left);
    }

    /// <summary>For a log.</summary>
    public string ToLine(string title, string unit)
    {
        var left = Left is { } time ? $", {time:h\\:mm\\:ss} left" : "";
        var of = Total is { } total ? string.Create(CultureInfo.InvariantCulture, $" of {total:N0}") : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{title}: {Done:N0}{of} {unit}, {PerSecond:N0} per second{left}");
    }
}
