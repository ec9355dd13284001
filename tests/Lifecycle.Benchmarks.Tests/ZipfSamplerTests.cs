using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Tests;

public sealed class ZipfSamplerTests
{
    private const int Draws = 400_000;

    [Theory]
    [InlineData(10, 1.0)]
    [InlineData(1_000, 1.0)]
    [InlineData(50, 0.0)]
    public void Each_is_drawn_as_often_as_its_weight_says(int count, double s)
    {
        var sampler = new ZipfSampler(count, s);
        var random = new Random(7);
        var counts = new int[count];
        for (var i = 0; i < Draws; i++) counts[sampler.Next(random)]++;

        var sum = Enumerable.Range(1, count).Sum(k => Math.Pow(k, -s));
        for (var k = 0; k < count; k++)
        {
            var share = Math.Pow(k + 1, -s) / sum;
            var deviation = Math.Sqrt(Draws * share * (1 - share));
            // Five deviations: with these seeds and counts a right sampler is never outside.
            Assert.InRange(counts[k], Draws * share - 5 * deviation - 1, Draws * share + 5 * deviation + 1);
        }
    }

    [Fact]
    public void One_customer_is_always_drawn() => Assert.Equal(0, new ZipfSampler(1, 1).Next(new Random(1)));

    [Fact]
    public void A_crowd_that_comes_once_comes_once_over_all_threads()
    {
        var draws = Draw.For(new(1_000, Choice.Once, First: 500), threads: 3);
        var seen = new List<int>();
        for (var more = true; more;)
        {
            more = false;
            foreach (var draw in draws)
            {
                if (!draw.TryNext(out var customer)) continue;
                more = true;
                seen.Add(customer);
            }
        }

        Assert.Equal(Enumerable.Range(500, 1_000), seen.Order());
    }
}
