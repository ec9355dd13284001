using System.Globalization;

namespace Lifecycle.Cli.Demo;

/// <summary>Which world: the same settings give the same customers and the same history in every run.</summary>
/// <param name="Seed">Of all chance.</param>
/// <param name="Customers">Who joined between the opening and the day it was first filled.</param>
/// <param name="Years">From the opening to that day.</param>
/// <param name="OpenedAt">When the shop opened: a whole hour.</param>
internal sealed record ShopSettings(long Seed, int Customers, int Years, DateTimeOffset OpenedAt)
{
    public const long SeedDefault = 1;

    /// <summary>About 70,000 events in three years.</summary>
    public const int CustomersDefault = 1_500;
    public const int YearsDefault = 3;

    /// <summary>When the history of the first run ended.</summary>
    public DateTimeOffset FilledTo => OpenedAt + Span;

    public TimeSpan Span => TimeSpan.FromDays(Years * 365);

    /// <summary>A shop whose history ends with the hour that is under way.</summary>
    public static ShopSettings EndingAt(DateTimeOffset now, long seed, int customers, int years)
    {
        var hour = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero);
        return new(seed, customers, years, hour - TimeSpan.FromDays(years * 365));
    }

    /// <summary>The customer with this number; they joined in this order.</summary>
    public static string CustomerOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"demo-{number:D5}");

    /// <summary>
    /// When a customer joins. More join each year than the year before; it goes on after <see cref="FilledTo"/>.
    /// </summary>
    public DateTimeOffset JoinsAt(int number)
    {
        const double Growth = 0.85;
        var place = (number - 1 + new Chance((ulong)Seed, (ulong)number << 8).Next()) / Customers;
        return OpenedAt + (Span * Math.Pow(place, Growth));
    }

    /// <summary>How many have joined by an instant.</summary>
    public int JoinedBy(DateTimeOffset at)
    {
        var (least, most) = (0, 1);
        while (JoinsAt(most) <= at) (least, most) = (most, most * 2);
        while (most - least > 1)
        {
            var middle = (least + most) / 2;
            if (JoinsAt(middle) <= at) least = middle;
            else most = middle;
        }
        return least;
    }
}
