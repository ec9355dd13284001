using System.Globalization;

namespace Lifecycle.Engine.Programs;

/// <summary>Exact durations as documents write them: <c>30m</c>, <c>12h</c>, <c>14d</c>, <c>6w</c>.</summary>
internal static class Durations
{
    public const string Expected = "a duration such as 30m, 12h, 14d or 6w";

    private const int DigitsMax = 6;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is < 2 or > DigitsMax + 1) return false;
        var digits = text.AsSpan(0, text.Length - 1);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        TimeSpan? found = text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            'w' => TimeSpan.FromDays(7L * count),
            _ => null,
        };
        duration = found ?? default;
        return found is not null;
    }

    /// <summary>In the largest unit that divides it, weeks excepted.</summary>
    public static string Text(TimeSpan duration) => duration.Ticks % TimeSpan.TicksPerDay == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerDay}d")
        : duration.Ticks % TimeSpan.TicksPerHour == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerHour}h")
            : string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerMinute}m");
}
