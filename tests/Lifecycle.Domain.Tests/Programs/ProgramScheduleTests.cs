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
    public void A_schedule_without_a_version_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ProgramSchedule([]));

    [Fact]
    public void An_older_version_rules_again_after_a_roll_back()
    {
        var schedule = new ProgramSchedule([At(1, 100), At(2, 200), At(1, 300)]);
        Assert.Equal(1, schedule.At(new Instant(199)).Version);
        Assert.Equal(2, schedule.At(new Instant(299)).Version);
        Assert.Equal(1, schedule.At(new Instant(300)).Version);
        Assert.Equal(new Instant(300), schedule.NextChangeAfter(new Instant(200)));
    }

    [Fact]
    public void The_same_version_again_and_one_that_never_rules_change_nothing()
    {
        var schedule = new ProgramSchedule([At(1, 100), At(1, 150), At(2, 200), At(1, 200), At(3, 300)]);
        Assert.Equal([(1, 100L), (3, 300L)], schedule.Changes.Select(c => (c.Program.Version, c.EffectiveAt.Micros)));
        Assert.Equal(new Instant(300), schedule.NextChangeAfter(new Instant(100)));
    }

    [Fact]
    public void Of_two_that_take_effect_together_the_one_scheduled_later_rules() =>
        Assert.Equal(1, new ProgramSchedule([At(1, 100), At(2, 200), At(1, 200)]).At(new Instant(200)).Version);

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
