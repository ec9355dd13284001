using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Tests.Programs;

public sealed class ProgramScheduleTests
{
    private static readonly ProgramSchedule Schedule = new([At(3, 300), At(1, 100), At(2, 200), At(4, 300)]);

    [Theory]
    [InlineData(long.MinValue, 1)]
    [InlineData(99, 1)]
    [InlineData(100, 1)]
    [InlineData(199, 1)]
    [InlineData(200, 2)]
    [InlineData(299, 2)]
    [InlineData(300, 4)]
    [InlineData(long.MaxValue, 4)]
    public void The_last_version_in_effect_rules_and_the_first_rules_before_it(long micros, int version) =>
        Assert.Equal(version, Schedule.At(new Instant(micros)).Version);

    [Fact]
    public void The_next_change_is_the_first_later_instant_of_a_version()
    {
        Assert.Equal(new Instant(200), Schedule.NextChangeAfter(new Instant(100)));
        Assert.Equal(new Instant(300), Schedule.NextChangeAfter(new Instant(200)));
        Assert.Equal(Instant.Never, Schedule.NextChangeAfter(new Instant(300)));
    }

    [Fact]
    public void No_version_and_a_version_twice_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ProgramSchedule([]));
        Assert.Throws<ArgumentException>(() => new ProgramSchedule([.. Schedule.Versions, At(4, 500)]));
    }

    private static ScheduledProgram At(int version, long micros) => new(
        new Program
        {
            Version = version,
            Name = "test",
            Currency = "EUR",
            TimeZone = TimeZoneInfo.Utc,
            Stages = new()
            {
                Growth = [],
                AtRisk = nameof(StageRole.AtRisk),
                Dormant = nameof(StageRole.Dormant),
                Churned = nameof(StageRole.Churned),
                Reactivated = null,
                Silence = new(.95, .99, .05, default, default, default, 4, default, .05),
                Dwell = System.Collections.Immutable.ImmutableDictionary<string, TimeSpan>.Empty,
            },
            Points = new()
            {
                Name = "Points",
                ValueMinor = 1,
                Pending = default,
                Expiry = Expiry.None,
                WhenSpent = WhenSpent.Negative,
                ReturnWindow = default,
                EarnOnPointsPaid = false,
            },
            Earn = [],
        },
        new(micros));
}
