using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Analytics.Rfm;

namespace Lifecycle.Analytics.Tests.Rfm;

public sealed class QuintilesTests
{
    [Fact]
    public void Ranks_divide_into_fifths()
    {
        var quintiles = new Quintiles(Enumerable.Range(1, 10).Select(rank => (long)rank));

        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], Enumerable.Range(1, 10).Select(rank => quintiles.ScoreOf(rank)));
    }

    [Fact]
    public void A_value_on_an_edge_belongs_to_the_lower_fifth()
    {
        // Six values: position (6 - 1)·1/5 = 1 is the second value itself.
        var quintiles = new Quintiles([10, 20, 30, 40, 50, 60]);

        Assert.Equal([1, 1, 2, 2, 3], new long[] { 10, 20, 21, 30, 31 }.Select(quintiles.ScoreOf));
    }

    [Fact]
    public void An_edge_between_two_values_is_interpolated()
    {
        // Four values: the first edge is at 0.6 of the way from 0 to 100.
        var quintiles = new Quintiles([0, 100, 200, 300]);

        Assert.Equal(1, quintiles.ScoreOf(60));
        Assert.Equal(2, quintiles.ScoreOf(61));
    }

    [Fact]
    public void Equal_values_share_the_lowest_fifth()
    {
        Assert.Equal(1, new Quintiles([7, 7, 7, 7, 7, 7]).ScoreOf(7));
        Assert.Equal(1, new Quintiles([7]).ScoreOf(7));
    }

    [Fact]
    public void A_larger_value_never_scores_lower_and_the_order_of_values_does_not_matter()
    {
        Prop.ForAll<long[], int>((values, seed) =>
        {
            var quintiles = new Quintiles(values);
            var shuffled = values.ToArray();
            new System.Random(seed).Shuffle(shuffled);
            var again = new Quintiles(shuffled);
            var scores = values.Order().Select(quintiles.ScoreOf).ToArray();
            return scores.SequenceEqual(scores.Order())
                && scores.All(score => score is >= 1 and <= 5)
                && scores.SequenceEqual(values.Order().Select(again.ScoreOf));
        }).QuickCheckThrowOnFailure();
    }
}
