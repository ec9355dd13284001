using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Tests.Time;

public sealed class InstantTests
{
    [Fact]
    public void What_is_later_than_can_be_written_is_never()
    {
        Assert.Equal(Instant.Never, Instant.Latest.Plus(1));
        Assert.Equal(Instant.Never, Instant.Latest.PlusDays(14));
        Assert.Equal(Instant.Never, Instant.Never.Plus(5));
        Assert.Equal(Instant.Latest, Instant.Latest.Plus(0));
        Assert.Equal("9999-12-31T23:59:59.999999Z", Instant.Latest.Plus(-1).Plus(1).ToString());
        Assert.Equal("never", Instant.Never.ToString());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, -1)]
    [InlineData(-Instant.MicrosPerHour, -1)]
    [InlineData(Instant.MicrosPerHour - 1, 0)]
    public void The_hour_is_rounded_towards_the_past(long micros, long hour) => Assert.Equal(hour, new Instant(micros).Hour);
}
