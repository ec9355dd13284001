using System.Collections.Immutable;
using System.Globalization;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>
/// What a reader sees at an instant: the state with every tick that is due by then, whether it was journaled or not.
/// </summary>
public static class Views
{
    /// <summary>The warning that a silence is unusual for this customer.</summary>
    public const string RhythmWarning = "rhythm";

    /// <summary>The state as the ticks due by an instant would leave it, and those ticks, oldest first.</summary>
    public static (CustomerState State, ImmutableArray<Entry> Ticks) Roll(
        CustomerState state, ProgramSchedule programs, Instant until)
    {
        if (programs.DueAt(state) > until) return (state, []);
        var ticks = ImmutableArray.CreateBuilder<Entry>();
        while (programs.DueAt(state) <= until)
        {
            (var tick, state) = DueTick(state, programs);
            ticks.Add(tick);
        }

        return (state, ticks.DrainToImmutable());
    }

    /// <summary>The tick that is due first, as an entry that no journal holds yet, and the state after it.</summary>
    /// <param name="recording">What the journal adds; nothing where no journal will hold it.</param>
    public static (Entry Tick, CustomerState State) DueTick(
        CustomerState state, ProgramSchedule programs, Recording? recording = null)
    {
        var due = Instant.Max(programs.DueAt(state), state.At);
        var program = programs.At(due);
        var input = Input.Tick.At(due);
        var decided = (Decision.Accepted)Decider.Decide(state, input, [], program, due);
        return Decider.Conclude(state, input, decided, program, due, recording ?? new Recording(due));
    }

    /// <summary>The view at an instant that is not before the state's own.</summary>
    public static CustomerView At(CustomerState state, ProgramSchedule programs, Instant instant) =>
        At(Settle(state, programs, instant), instant);

    /// <summary>The state with what is due by an instant; it serves every view until something else is due.</summary>
    public static SettledState Settle(CustomerState state, ProgramSchedule programs, Instant instant)
    {
        var (rolled, _) = Roll(state, programs, instant);
        var program = programs.At(instant);
        var until = Instant.Min(programs.DueAt(rolled), programs.NextChangeAfter(instant));
        var review = new StageReview(rolled, program).NextChange(Instant.Max(rolled.At, instant));
        return new(rolled, state.Seq, program, review, instant, until);
    }

    /// <summary>The view at an instant for which the state is settled.</summary>
    public static CustomerView At(SettledState settled, Instant instant)
    {
        var state = settled.State;
        return new CustomerView
        {
            Version = settled.Version,
            AsOf = instant,
            Stage = new(state.Stage, state.StageSince, state.StageReason, settled.NextReviewAt),
            Points = PointsOf(state),
            Metrics = MetricsOf(state, instant),
            Warnings = WarningsOf(state, settled.Program, instant),
            NextChangeAt = settled.Until,
        };
    }

    /// <summary>
    /// The view of the past: points and stage as decided, metrics and warnings with what was delivered later.
    /// </summary>
    /// <param name="facts">The state with its <see cref="LateFacts"/>.</param>
    public static CustomerView At(SettledState settled, CustomerState facts, Instant instant) =>
        At(settled, instant) with
        {
            Metrics = MetricsOf(facts, instant), Warnings = WarningsOf(facts, settled.Program, instant),
        };

    /// <summary>What of the points that can be spent expires next, soonest first.</summary>
    internal static ImmutableArray<ExpiringPoints> ExpiringOf(CustomerState state) =>
    [
        .. state.Lots.Where(lot => lot.Remaining > 0 && lot.ExpiresAt != Instant.Never)
            .Take(PointsView.ExpiringMax).Select(lot => new ExpiringPoints(lot.Remaining, lot.ExpiresAt)),
    ];

    private static PointsView PointsOf(CustomerState state)
    {
        var balances = state.Balances;
        return new()
        {
            Available = balances.Of(Account.Available),
            Pending = balances.Of(Account.Pending),
            Held = balances.Of(Account.Held),
            Expiring = ExpiringOf(state),
            Lifetime = new(
                -balances.Of(Account.Issued), balances.Of(Account.Redeemed), balances.Of(Account.Expired),
                balances.Of(Account.Reversed), -balances.Of(Account.Adjusted)),
        };
    }

    private static MetricsView MetricsOf(CustomerState state, Instant instant)
    {
        var gaps = state.Gaps;
        return new()
        {
            Windows =
            [
                .. Variables.Windows.Select(days => ($"{days}d", Buckets.Sum(state.Buckets, days, instant))),
                ("lifetime", state.Lifetime),
            ],
            RecencyDays = StateFacts.RecencyDays(state, instant),
            Frequency = gaps.OrderDays,
            MonetaryMinor = state.Lifetime.SpendMinor,
            AovMinor = StateFacts.AovMinor(state),
            InterpurchaseDays = gaps.MeanDays is { } mean ? Math.Round(mean, 2) : null,
            InterpurchaseSpreadDays = gaps.SpreadDays is { } spread ? Math.Round(spread, 2) : null,
            NextOrderExpectedAt = state.Moments.NextExpected(gaps),
            FirstOrderAt = state.Moments.First,
            LastOrderAt = state.Moments.Last,
            Referrals = state.Referrals,
            UnmatchedReturns = state.UnmatchedReturns,
            UnmatchedReturnMinor = state.UnmatchedReturnMinor,
            AwaitedReturns = state.AwaitedReturns.Length,
        };
    }

    internal static ImmutableArray<WarningView> WarningsOf(CustomerState state, Program program, Instant instant)
    {
        if (state.Moments.Last is not { } last) return [];
        var rule = program.Stages.Silence;
        var since = last.Plus(new SilenceLimits(state.Gaps, rule).AtRisk);
        if (instant < since) return [];
        var silent = SilentFor(last, instant);
        var quantile = Silence.QuantileOf(state.Gaps, rule, silent);
        return
        [
            new(RhythmWarning, since, string.Create(
                CultureInfo.InvariantCulture,
                $"silent for {silent.TotalDays:0.#} days: longer than {quantile:0.0%} of the gaps expected of them")),
        ];
    }

    /// <summary>Told to the hour, so that a view that is read twice in a minute is the same.</summary>
    internal static TimeSpan SilentFor(Instant last, Instant instant) =>
        TimeSpan.FromHours(Math.Max(0, Math.Floor((instant - last) / (double)Instant.MicrosPerHour)));
}

/// <summary>A state in which everything due has happened, whether it was journaled or not.</summary>
/// <param name="Version">The last journaled <c>seq</c>.</param>
/// <param name="Program">The one in force.</param>
/// <param name="NextReviewAt">When the stage changes next if nothing comes in.</param>
/// <param name="From">The first instant it is settled for.</param>
/// <param name="Until">The first instant after <paramref name="From"/> for which it is not.</param>
public sealed record SettledState(
    CustomerState State, long Version, Program Program, Instant NextReviewAt, Instant From, Instant Until)
{
    public bool Serves(Instant instant) => instant >= From && instant < Until;
}
