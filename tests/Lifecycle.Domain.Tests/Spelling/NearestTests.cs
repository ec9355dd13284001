using Lifecycle.Domain.Spelling;

namespace Lifecycle.Domain.Tests.Spelling;

public sealed class NearestTests
{
    private static readonly string[] Known = ["stages", "silence", "points", "earn"];

    [Theory]
    [InlineData("stage", "stages")]
    [InlineData("satges", "stages")]
    [InlineData("Points", "points")]
    [InlineData("ern", "earn")]
    [InlineData("silenze", "silence")]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("tiers", null)]
    [InlineData("completely different", null)]
    public void The_nearest_name_is_found_if_it_is_near(string word, string? expected) =>
        Assert.Equal(expected, Nearest.Of(word, Known));

    [Fact]
    public void A_word_of_any_length_is_answered() => Assert.Null(Nearest.Of(new string('a', 100_000), Known));
}
