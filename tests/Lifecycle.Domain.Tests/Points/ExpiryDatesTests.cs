using Lifecycle.Domain.Points;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Tests.Points;

public sealed class ExpiryDatesTests
{
    [Theory]
    // Twelve months, to the end of the local month.
    [InlineData("2026-01-05T09:00:00Z", 12, 0, ExpiryRounding.Month, "2027-01-31T23:00:00Z")]
    // 00:30 on 1 February in Berlin is still January in UTC.
    [InlineData("2026-01-31T23:30:00Z", 12, 0, ExpiryRounding.Month, "2027-02-28T23:00:00Z")]
    // The end of a month in summer is at 22:00 UTC.
    [InlineData("2026-07-10T12:00:00Z", 12, 0, ExpiryRounding.Month, "2027-07-31T22:00:00Z")]
    // From winter into summer: the same local time, an hour earlier in UTC.
    [InlineData("2026-01-15T09:00:00Z", 6, 0, ExpiryRounding.None, "2026-07-15T08:00:00Z")]
    [InlineData("2026-01-15T09:00:00Z", 6, 0, ExpiryRounding.Day, "2026-07-15T22:00:00Z")]
    // 31 January and a month is 28 February.
    [InlineData("2026-01-31T09:00:00Z", 1, 0, ExpiryRounding.None, "2026-02-28T09:00:00Z")]
    [InlineData("2024-02-29T09:00:00Z", 12, 0, ExpiryRounding.Day, "2025-02-28T23:00:00Z")]
    // Days of 24 hours across the change of clocks on 29 March 2026.
    [InlineData("2026-03-28T12:00:00Z", 0, 2, ExpiryRounding.None, "2026-03-30T12:00:00Z")]
    // Rounded to a day they are local days.
    [InlineData("2026-03-28T12:00:00Z", 0, 2, ExpiryRounding.Day, "2026-03-30T22:00:00Z")]
    [InlineData("2026-10-24T12:00:00Z", 0, 1, ExpiryRounding.Day, "2026-10-25T23:00:00Z")]
    // 02:20 does not exist on 29 March 2026 in Berlin: the instant of the change, 01:00 UTC.
    [InlineData("2026-02-28T01:20:33Z", 1, 0, ExpiryRounding.None, "2026-03-28T01:20:33Z")]
    [InlineData("2026-01-29T01:20:33Z", 2, 0, ExpiryRounding.None, "2026-03-29T01:00:00Z")]
    [InlineData("2026-01-29T01:59:59Z", 2, 0, ExpiryRounding.None, "2026-03-29T01:00:00Z")]
    // 02:30 on 25 October 2026 is there twice: the first.
    [InlineData("2026-08-25T00:30:00Z", 2, 0, ExpiryRounding.None, "2026-10-25T00:30:00Z")]
    [InlineData("0001-01-01T00:00:00Z", 1, 0, ExpiryRounding.Month, "0001-02-28T23:06:00Z")]
    public void Points_earned_then_expire(string earnedAt, int months, int days, ExpiryRounding round, string expected)
    {
        var program = Retail.Default.Points(points => points with { Expiry = new(months, days, round) });
        Assert.Equal(Sample.Utc(expected), ExpiryDates.Of(program, Sample.Utc(earnedAt)));
    }

    [Fact]
    public void Beyond_the_calendar_nothing_expires()
    {
        var program = Retail.Default.Points(points => points with { Expiry = new(0, 3_650, ExpiryRounding.Month) });
        Assert.Equal(Instant.Never, ExpiryDates.Of(program, Instant.Latest));
        Assert.NotEqual(Instant.Never, ExpiryDates.Of(program, Sample.Utc("9980-01-01T00:00:00Z")));
    }
}
