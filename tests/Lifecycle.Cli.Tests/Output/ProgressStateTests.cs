using Lifecycle.Cli.Output;

namespace Lifecycle.Cli.Tests.Output;

public sealed class ProgressStateTests
{
    [Fact]
    public void The_rate_says_how_much_time_is_left() => Assert.Equal(
        "Sending: 12,000 of 25,900 invoices, 6,000 per second, 0:00:02 left",
        ProgressState.Of(12_000, 25_900, TimeSpan.FromSeconds(2)).ToLine("Sending", "invoices"));

    [Fact]
    public void Before_the_first_unit_nobody_knows() => Assert.Equal(
        "Reading: 0 of 10 bytes, 0 per second",
        ProgressState.Of(0, 10, TimeSpan.FromSeconds(5)).ToLine("Reading", "bytes"));

    [Fact]
    public void Nothing_is_left_at_the_end() =>
        Assert.Equal(TimeSpan.Zero, ProgressState.Of(10, 10, TimeSpan.Zero).Left);
}
