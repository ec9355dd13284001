using System.Globalization;

namespace Lifecycle.Cli.Demo;

/// <summary>One mailing.</summary>
/// <param name="Coupon">For those who click; null in most issues.</param>
internal readonly record struct Newsletter(string Campaign, string? Coupon);

/// <summary>The shop writes every six weeks, each time on a morning; every third issue brings a coupon.</summary>
internal static class Newsletters
{
    private const int DaysBetween = 42;
    private const int CouponEvery = 3;
    private static readonly TimeSpan Morning = TimeSpan.FromHours(8);

    /// <summary>The first after an instant.</summary>
    public static DateTimeOffset After(ShopSettings settings, DateTimeOffset at) =>
        IssuedAt(settings, NumberAt(settings, at) + 1);

    /// <summary>The latest until an instant.</summary>
    public static Newsletter At(ShopSettings settings, DateTimeOffset at)
    {
        var number = NumberAt(settings, at);
        var day = IssuedAt(settings, number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new(
            $"newsletter-{day}",
            number % CouponEvery == 0 ? string.Create(CultureInfo.InvariantCulture, $"TEA{number}") : null);
    }

    private static DateTimeOffset IssuedAt(ShopSettings settings, int number) =>
        First(settings) + TimeSpan.FromDays(number * DaysBetween);

    private static int NumberAt(ShopSettings settings, DateTimeOffset at) =>
        (int)Math.Floor((at - First(settings)).TotalDays / DaysBetween);

    private static DateTimeOffset First(ShopSettings settings) => new(settings.OpenedAt.Date + Morning, TimeSpan.Zero);
}
