namespace Lifecycle.Cli.Demo;

/// <summary>When people buy: more before Christmas than in summer, more in the evening than at night.</summary>
internal static class Rhythm
{
    /// <summary>The highest that <see cref="At"/> can be.</summary>
    private const double Most = 1.22 * 1.15 * 2.1;

    /// <summary>By hour of the day; the mean is 1.</summary>
    private static readonly double[] Hours =
    [
        0.25, 0.1, 0.05, 0.05, 0.05, 0.15, 0.4, 0.7, 1.0, 1.2, 1.3, 1.3,
        1.3, 1.2, 1.2, 1.2, 1.3, 1.5, 1.7, 2.0, 2.1, 1.9, 1.35, 0.7,
    ];

    /// <summary>
    /// The next time of something that happens so often a day: a Poisson process thinned by the season.
    /// </summary>
    public static DateTimeOffset Next(Chance chance, DateTimeOffset after, double perDay)
    {
        var time = after;
        do
        {
            time += TimeSpan.FromDays(Math.Min(20_000, chance.Exponential(perDay * Most)));
            if (time.Year > 2_200) return DateTimeOffset.MaxValue;
        }
        while (!chance.Happens(At(time) / Most));
        return time;
    }

    private static double At(DateTimeOffset time)
    {
        const double PeakDay = 345;
        var season = 1 + (0.22 * Math.Cos(2 * Math.PI * (time.DayOfYear - PeakDay) / 365));
        var week = time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1.15 : 0.94;
        return season * week * Hours[time.Hour];
    }
}
