using Lifecycle.Engine.Tests.Support;
using Lifecycle.Web.Problems;

namespace Lifecycle.Web.Tests;

public sealed class OutagesTests
{
    [Fact]
    public void The_first_request_is_told_at_once_and_the_others_together_after_a_while()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var outages = new Outages(clock);
        Assert.Equal(1, outages.Count("overloaded"));
        for (var i = 0; i < 1_000; i++) Assert.Equal(0, outages.Count("overloaded"));
        Assert.Equal(1, outages.Count("unavailable"));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1_001, outages.Count("overloaded"));
        Assert.Equal(0, outages.Count("overloaded"));
    }
}
