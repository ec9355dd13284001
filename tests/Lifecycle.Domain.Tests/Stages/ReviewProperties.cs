using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Stages;

/// <summary>The search for the next change reads as little as it can; the plain one reads everything.</summary>
public sealed class ReviewProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(200);

    /// <summary>Every window and recency, conditions without a value, and stages that are left and entered again.</summary>
    private static readonly Program Fickle = Retail.Restless with
    {
        Stages = Retail.Restless.Stages with
        {
            Growth =
            [
                Retail.Stage("Prospect", "true"),
                Retail.Stage("Odd", "customer.views_7d % customer.visits_30d == 0"),
                Retail.Stage("Dear", "customer.spend_minor_365d / customer.orders_90d > 4000 || customer.orders == 3"),
                Retail.Stage("Late", "customer.recency_days % 5 == 2 && customer.units_90d < 9", "Prospect", "Dear"),
                Retail.Stage("Back", "customer.returns_30d > 0 && customer.discount_minor_365d > 50", "Odd", "Late"),
            ],
            Dwell = Retail.Stays(("Odd", 3), ("Late", 1), ("Dear", 20), ("Dormant", 9)),
        },
    };

    public static TheoryData<string> Names => ["default", "restless", "fickle"];

    private static Program Named(string name) => name switch
    {
        "default" => Retail.Default,
        "restless" => Retail.Restless,
        _ => Fickle,
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void The_next_change_and_the_stage_are_those_of_the_plain_search(string program) =>
        Prop.ForAll(Step.Histories(40), Gen.Choose(0, 5_000).ToArbitrary(), (steps, hours) =>
        {
            var journey = Step.Play(new(Named(program)), steps);
            // Reviewed under other rules too, as when another program takes over.
            foreach (var other in Names)
                Agree(journey.State, Named(other), journey.State.At.Plus(hours * Instant.MicrosPerHour));
            Agree(journey.State, Named(program), journey.State.At);
        }).Check(Many);

    [Fact]
    public void A_customer_with_more_changes_than_one_search_looks_at_is_reviewed_in_between()
    {
        var journey = new Journey(Fickle);
        for (var hour = 0; hour < 700; hour++) journey.Take(Event("visit", $"v{hour}", Day(hour / 24.0)));
        Agree(journey.State, Fickle, journey.State.At);
        var next = new StageReview(journey.State, Retail.Default).NextChange(journey.State.At);
        Assert.Equal(Instant.Never, next);
    }

    private static void Agree(CustomerState state, Program program, Instant from)
    {
        var (review, plain) = (new StageReview(state, program), new PlainReview(state, program));
        Assert.Equal(plain.At(from), review.At(from));
        Assert.Equal(plain.At(from, keepDwell: false), review.At(from, keepDwell: false));
        // After a question, as a decision asks, and without one.
        Assert.Equal(plain.NextChange(from), review.NextChange(from));
        var next = new StageReview(state, program).NextChange(from);
        Assert.Equal(plain.NextChange(from), next);
        if (next != Instant.Never) Assert.Equal(plain.At(next), review.At(next));
    }
}
