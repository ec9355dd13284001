using Lifecycle.Analytics.Rfm;

namespace Lifecycle.Analytics.Tests.Rfm;

public sealed class RfmSegmentsTests
{
    [Fact]
    public void Every_pair_of_scores_has_its_segment()
    {
        string[] byRecency =
        [
            "hibernating hibernating at_Risk at_Risk cant_loose",
            "hibernating hibernating at_Risk at_Risk cant_loose",
            "about_to_sleep about_to_sleep need_attention loyal_customers loyal_customers",
            "promising potential_loyalists potential_loyalists loyal_customers loyal_customers",
            "new_customers potential_loyalists potential_loyalists champions champions",
        ];

        for (var recency = 1; recency <= 5; recency++)
            for (var frequency = 1; frequency <= 5; frequency++)
                Assert.Equal(byRecency[recency - 1].Split(' ')[frequency - 1], RfmSegments.Of(recency, frequency));
    }

    [Fact]
    public void All_are_ordered_by_name() =>
        Assert.Equal(RfmSegments.All.Order(StringComparer.OrdinalIgnoreCase), RfmSegments.All);
}
