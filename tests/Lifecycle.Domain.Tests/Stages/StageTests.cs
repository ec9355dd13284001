using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Stages;

public sealed class StageTests
{
    private readonly Journey _journey = new(Retail.Default);

    /// <summary>Orders on each of these days.</summary>
    private Journey Ordered(params double[] days)
    {
        foreach (var day in days) _journey.Take(Order($"on-{day}", Day(day), 5_000));
        return _journey;
    }

    private Silence Silence => Silence.Of(_journey.State.Gaps, Retail.Default.Stages.Silence);

    [Fact]
    public void A_customer_grows_with_their_orders()
    {
        _journey.Take(Event(EventTypes.CustomerRegistered, Day(0)));
        Assert.Equal("Prospect", _journey.Stage);
        var stages = new List<string>();
        foreach (var day in new[] { 1, 1.1, 8, 15, 22, 29, 36 })
        {
            Ordered(day);
            stages.Add(_journey.Stage);
        }

        Assert.Equal(["New", "New", "Growing", "Growing", "Growing", "Loyal", "Loyal"], stages);
        Ordered(43, 50);
        _journey.Take(Event(EventTypes.ReferralCompleted, Day(55)));
        // Loyal since day 29, for 30 days at least.
        Assert.Equal("Loyal", _journey.View(Day(59).Plus(-1)).Stage.Name);
        Assert.Equal("Advocate", _journey.View(Day(59)).Stage.Name);
    }

    [Fact]
    public void Silence_is_at_risk_then_dormant_then_churned_at_exact_instants()
    {
        Ordered(0, 7, 14, 21, 28);
        var silence = Silence;
        var steps = new[]
        {
            (silence.AtRisk, "Growing", "AtRisk"), (silence.Dormant, "AtRisk", "Dormant"),
            (silence.Churned, "Dormant", "Churned"),
        };
        foreach (var (limit, before, after) in steps)
        {
            var instant = Day(28).Plus(limit);
            Assert.Equal(before, _journey.View(instant.Plus(-1)).Stage.Name);
            var stage = _journey.View(instant).Stage;
            Assert.Equal((after, instant), (stage.Name, stage.Since));
            Assert.Equal(instant, _journey.View(instant.Plus(-1)).Stage.NextReviewAt);
        }

        Assert.Equal(Instant.Never, _journey.View(Day(2_000)).Stage.NextReviewAt);
        Assert.Empty(_journey.View(Day(28).Plus(silence.AtRisk).Plus(-1)).Warnings);
        Assert.Equal(
            (Views.RhythmWarning, Day(28).Plus(silence.AtRisk)),
            _journey.View(Day(28).Plus(silence.AtRisk)).Warnings.Select(w => (w.Code, w.Since)).Single());
    }

    [Fact]
    public void A_weekly_buyer_is_at_risk_in_weeks_and_a_customer_of_two_orders_like_the_population()
    {
        Ordered(0, 7, 14, 21);
        Assert.Equal("AtRisk", _journey.View(Day(21 + 37)).Stage.Name);
        var once = new Journey(Retail.Default);
        once.Take(Order("a", Day(0), 5_000));
        Assert.Equal("New", once.View(Day(37)).Stage.Name);
        Assert.Equal("New", once.View(Day(100)).Stage.Name);
    }

    [Fact]
    public void A_customer_who_is_only_at_risk_goes_straight_on()
    {
        Ordered(0, 7, 14, 21, 70);
        Assert.Equal(
            ["New", "Growing", "AtRisk", "Growing"],
            _journey.All<Effect.StageChanged>().Select(changed => changed.To));
    }

    [Fact]
    public void Coming_back_is_reactivated_until_the_second_order_day()
    {
        Ordered(0, 7, 14, 21, 400, 400.1);
        Assert.Equal("Reactivated", _journey.Stage);
        Assert.Equal("an order after Churned", _journey.View(Day(400.1)).Stage.Reason);
        Ordered(401);
        Assert.Equal("Growing", _journey.Stage);
    }

    [Fact]
    public void Coming_back_is_reactivated_for_60_days()
    {
        Ordered(0, 7, 14, 21, 400);
        Assert.Equal("Reactivated", _journey.View(Day(460).Plus(-1)).Stage.Name);
        Assert.Equal("Growing", _journey.View(Day(460)).Stage.Name);
    }

    [Fact]
    public void A_full_return_restores_the_stage_before()
    {
        Ordered(0, 7, 14, 21, 400);
        _journey.Take(Return("on-400", Day(401), 2_000));
        Assert.Equal("Reactivated", _journey.Stage);
        _journey.Take(Return("on-400", Day(402), 3_000));
        Assert.Equal((StageRole.Churned, "Churned"), (_journey.State.StageRole, _journey.Stage));
        _journey.Take(Return("on-7", Day(402), 5_000));
        _journey.Take(Return("on-14", Day(402), 5_000));
        _journey.Take(Return("on-21", Day(402), 5_000));
        _journey.Take(Return("on-0", Day(402), 5_000));
        Assert.Equal("Prospect", _journey.Stage);
    }

    [Fact]
    public void A_silence_that_a_late_order_ends_is_no_coming_back()
    {
        Ordered(0, 7, 14, 21);
        _journey.Pass(Day(21).Plus(Silence.Dormant));
        Assert.Equal("Dormant", _journey.Stage);
        // An order of long ago, heard of only now: the customer's gaps are longer than we thought.
        _journey.Take(Order("old", Day(-300), 5_000), _journey.State.At);
        Assert.Equal("Growing", _journey.Stage);
    }

    [Fact]
    public void A_stage_with_a_minimum_stay_is_left_at_its_end()
    {
        Ordered(0, 66, 130, 190, 250, 350);
        Assert.Equal("Loyal", _journey.Stage);
        // The order of day 0 leaves the year on day 365 at 00:00 UTC; the stay ends on day 380.
        Assert.Equal(5, _journey.Window("365d", Day(365)).Orders);
        Assert.Equal("Loyal", _journey.View(Day(380).Plus(-1)).Stage.Name);
        Assert.Equal("Growing", _journey.View(Day(380)).Stage.Name);
    }

    [Fact]
    public void What_comes_back_undoes_a_stage_at_once_and_what_fits_no_order_does_not()
    {
        Ordered(0, 66, 130, 190, 250, 350);
        _journey.Take(Event(EventTypes.OrderReturned, Day(366)).With(EventSchema.AmountMinor, 100));
        Assert.Equal("Loyal", _journey.Stage);
        _journey.Take(Return("on-350", Day(367), 5_000));
        Assert.Equal("Growing", _journey.Stage);
    }

    [Fact]
    public void A_window_takes_a_stage_away_at_the_exact_instant()
    {
        Ordered(0, 60, 120, 180, 240, 300);
        var leaves = Utc("2027-01-05T00:00:00Z");
        Assert.Equal(leaves, _journey.View(Day(330)).Stage.NextReviewAt);
        Assert.Equal("Loyal", _journey.View(leaves.Plus(-1)).Stage.Name);
        Assert.Equal("Growing", _journey.View(leaves).Stage.Name);
    }

    [Fact]
    public void Recency_changes_a_stage_at_the_exact_instant()
    {
        var journey = new Journey(Retail.Default.Stages(stages => stages with
        {
            Growth = [Retail.Stage("Any", "true"), Retail.Stage("Fresh", "customer.recency_days < 3")],
        }));
        journey.Take(Order("a", Day(0), 100));
        Assert.Equal("Fresh", journey.View(Day(3).Plus(-1)).Stage.Name);
        Assert.Equal(("Any", Day(3)), (journey.View(Day(3)).Stage.Name, journey.View(Day(3)).Stage.Since));
    }

    [Fact]
    public void A_guarded_stage_is_only_entered_from_those_it_names_and_through_them_at_once()
    {
        var journey = new Journey(Retail.Default.Stages(stages => stages with
        {
            Growth =
            [
                Retail.Stage("Prospect", "true"), Retail.Stage("New", "customer.orders >= 1"),
                Retail.Stage("Big", "customer.spend_minor >= 10000", "New"),
                Retail.Stage("Huge", "customer.spend_minor >= 20000", "Big"),
            ],
            Dwell = Retail.Stays(("Big", 10)),
        }));
        journey.Take(Order("a", Day(0), 25_000));
        Assert.Equal(
            [("", "New"), ("New", "Big")],
            journey.Effects.OfType<Effect.StageChanged>().Select(changed => (changed.From, changed.To)));
        Assert.Equal("Big", journey.View(Day(10).Plus(-1)).Stage.Name);
        Assert.Equal("Huge", journey.View(Day(10)).Stage.Name);
    }

    [Fact]
    public void A_condition_without_a_value_does_not_hold()
    {
        var journey = new Journey(Retail.Default.Stages(stages => stages with
        {
            Growth =
            [
                Retail.Stage("Any", "true"), Retail.Stage("Rich", "customer.spend_minor / customer.orders > 1000"),
            ],
        }));
        journey.Take(Event("visit", Day(0)));
        Assert.Equal("Any", journey.Stage);
        journey.Take(Order("a", Day(0), 5_000));
        Assert.Equal("Rich", journey.Stage);
    }

    [Fact]
    public void A_program_without_coming_back_leads_straight_to_the_stage_whose_condition_holds()
    {
        var journey = new Journey(Retail.Default.Stages(stages => stages with { Reactivated = null }));
        journey.Take(Order("a", Day(0), 5_000));
        journey.Take(Order("b", Day(500), 5_000));
        Assert.Equal("Growing", journey.Stage);
    }
}
