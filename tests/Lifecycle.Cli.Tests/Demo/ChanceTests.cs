using Lifecycle.Cli.Demo;

namespace Lifecycle.Cli.Tests.Demo;

public sealed class ChanceTests
{
    private const int Draws = 200_000;

    private readonly Chance _chance = new(7, 1);

    [Fact]
    public void The_same_seeds_give_the_same_stream_for_ever()
    {
        var chance = new Chance(1, 2);

        Assert.Equal(
            [0.77188, 0.41677, 0.5526], Enumerable.Range(0, 3).Select(_ => Math.Round(chance.Next(), 5)));
    }

    [Fact]
    public void Streams_of_one_seed_are_independent()
    {
        var (one, other) = (new Chance(1, 1), new Chance(1, 2));
        var sum = 0.0;
        for (var n = 0; n < Draws; n++) sum += (one.Next() - 0.5) * (other.Next() - 0.5);

        Assert.InRange(sum / Draws * 12, -0.01, 0.01);
    }

    [Theory]
    [InlineData(0.7, 330)]
    [InlineData(5, 2)]
    public void A_gamma_has_its_mean_and_variance(double shape, double rate) =>
        HasMoments(() => _chance.Gamma(shape, rate), shape / rate, shape / (rate * rate));

    [Fact]
    public void The_other_distributions_have_theirs()
    {
        HasMoments(_chance.Next, 0.5, 1 / 12.0);
        HasMoments(() => _chance.Exponential(4), 0.25, 1 / 16.0);
        HasMoments(_chance.Normal, 0, 1);
        HasMoments(() => _chance.Poisson(1.3), 1.3, 1.3);
        HasMoments(() => _chance.Whole(1, 6), 3.5, 35 / 12.0);
        HasMoments(() => _chance.Pick([0, 1], value => value == 1 ? 3 : 1), 0.75, 0.1875);
    }

    private static void HasMoments(Func<double> draw, double mean, double variance)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var n = 0; n < Draws; n++)
        {
            var value = draw();
            sum += value;
            squares += value * value;
        }
        var (m, v) = (sum / Draws, (squares / Draws) - (sum / Draws * (sum / Draws)));
        Assert.InRange(m, mean - (0.02 * Math.Sqrt(variance)), mean + (0.02 * Math.Sqrt(variance)));
        Assert.InRange(v, variance * 0.94, variance * 1.06);
    }
}
