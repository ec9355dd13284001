using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Tests.Customers;

/// <summary>What must hold after any history. The driver checks the books after every entry of every one.</summary>
public sealed class CustomerProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(100);

    public static TheoryData<string> Names => ["default", "quick", "restless"];

    private static Program Named(string name) => name switch
    {
        "default" => Retail.Default,
        "quick" => Retail.Quick,
        _ => Retail.Restless,
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void The_books_balance_and_every_tick_makes_progress(string program) =>
        Prop.ForAll(Step.Histories(60), steps =>
        {
            var journey = Step.Play(new(Named(program)), steps);
            journey.Pass(journey.State.At.PlusDays(1_000));
        }).Check(Many);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_view_never_includes_what_is_expired_or_not_mature(string program) =>
        Prop.ForAll(Step.Histories(40), Instants, (steps, after) =>
        {
            var journey = Step.Play(new(Named(program)), steps);
            var instant = journey.State.At.Plus(after);
            var (rolled, _) = Views.Roll(journey.State, journey.Programs, instant);
            Assert.All(rolled.Pending, lot => Assert.True(lot.Dates.AvailableAt > instant));
            var alive = rolled.Lots.Where(lot => lot.ExpiresAt > instant).Sum(lot => lot.Remaining);
            var points = journey.View(instant).Points;
            Assert.Equal(alive - rolled.Debt, points.Available);
            Assert.All(points.Expiring, lot => Assert.True(lot.ExpiresAt > instant && lot.Points > 0));
        }).Check(Many);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_status_says_what_the_view_says_for_as_long_as_it_serves(string program) =>
        Prop.ForAll(Step.Histories(40), Instants, Instants, (steps, after, later) =>
        {
            var journey = Step.Play(new(Named(program)), steps);
            var from = journey.State.At.Plus(after);
            var status = Views.StatusAt(journey.State, journey.Programs, from);
            foreach (var instant in new[] { from, from.Plus(later), status.NextChangeAt.Plus(-1) })
            {
                if (instant < from || instant >= status.NextChangeAt) continue;
                var view = journey.View(instant);
                var next = view.Points.Expiring is [var soonest, ..] ? (soonest.Points, soonest.ExpiresAt) : default;
                Assert.Equal(
                    new CustomerStatus(
                        view.Version, view.Stage.Name, view.Points.Available, view.Points.Pending, view.Points.Held,
                        next == default ? null : next, view.NextChangeAt),
                    status);
            }
        }).Check(Many);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_view_is_the_same_whether_the_ticks_due_by_then_are_journaled_or_not(string program) =>
        Prop.ForAll(Step.Histories(40), Instants, (steps, after) =>
        {
            var journey = Step.Play(new(Named(program)), steps);
            var instant = journey.State.At.Plus(after);
            var expected = Seen.Text(journey.View(instant));
            var due = journey.State.DueAt;
            if (due <= instant)
            {
                Assert.Equal(due, journey.View(due.Plus(-1)).NextChangeAt);
                var atDue = Seen.Text(journey.View(due));
                journey.Pass(due);
                Assert.Equal(atDue, Seen.Text(journey.View(due)));
            }

            journey.Pass(instant);
            Assert.Equal(expected, Seen.Text(journey.View(instant)));
        }).Check(Many);

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_changes_before_the_next_change(string program) =>
        Prop.ForAll(Step.Histories(30), Instants, (steps, spread) =>
        {
            var journey = Step.Play(new(Named(program)), steps);
            for (var i = 0; i < 4 && journey.State.DueAt != Instant.Never; i++)
            {
                var (state, due) = (journey.State, journey.State.DueAt);
                var review = new Domain.Stages.StageReview(state, Named(program));
                Assert.Null(review.At(state.At));
                Assert.Null(review.At(due.Plus(-1)));
                for (var n = 1; n < 16; n++)
                {
                    var between = state.At.Plus((due - state.At - 1) / 16 * n + spread % 3_600);
                    Assert.Null(review.At(Instant.Min(between, due.Plus(-1))));
                }

                var changes = review.At(due) is not null || state.Lots.Any(lot => lot.Remaining > 0 && lot.ExpiresAt == due) ||
                              state.Pending.Any(lot => lot.Dates.AvailableAt == due);
                // A condition on recency can change every day; after so many in vain there is a review.
                changes |= due - state.At > 500 * Instant.MicrosPerDay;
                Assert.True(changes, $"Nothing changes at {due}.");
                journey.Pass(due);
            }
        }).Check(Many);

    /// <summary>Microseconds: around hours, days, and up to three years.</summary>
    private static Arbitrary<long> Instants => Gen.OneOf(
        Gen.Choose(0, 5).Select(n => (long)n), Gen.Choose(0, 80).Select(n => n * Instant.MicrosPerHour),
        Gen.Choose(0, 1_000).Select(n => n * Instant.MicrosPerDay - 1 + n % 3),
        Gen.Choose(0, int.MaxValue).Select(n => n * 40_000L)).Select(n => Math.Max(0, n)).ToArbitrary();
}
