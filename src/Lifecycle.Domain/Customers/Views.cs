using System.Collections.Immutable;
using System.Runtime.InteropServices;
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

    private static readonly string[] WindowNames = [.. Variables.Windows.Select(days => $"{days}d"), "lifetime"];

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
        var until = NextChangeAfter(rolled, programs, instant);
        var review = new StageReview(rolled, program).NextChange(Instant.Max(rolled.At, instant));
        return new(rolled, state.Seq, program, review, instant, until);
    }

    /// <summary>
    /// The members of a view that are asked for most, for a tenth of its work: they stay the same up to the next change.
    /// </summary>
    public static CustomerStatus StatusAt(CustomerState state, ProgramSchedule programs, Instant instant)
    {
        var (rolled, _) = Roll(state, programs, instant);
        var balances = rolled.Balances;
        return new(
            state.Seq, rolled.Stage, balances.Of(Account.Available), balances.Of(Account.Pending),
            balances.Of(Account.Held), NextExpiryOf(rolled), NextChangeAfter(rolled, programs, instant));
    }

    private static Instant NextChangeAfter(CustomerState rolled, ProgramSchedule programs, Instant instant) =>
        Instant.Min(programs.DueAt(rolled), programs.NextChangeAfter(instant));

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
    internal static ImmutableArray<ExpiringPoints> ExpiringOf(CustomerState state)
    {
        if (NextExpiryOf(state) is null) return [];
        var expiring = ImmutableArray.CreateBuilder<ExpiringPoints>();
        foreach (var lot in state.Lots)
        {
            if (lot.Remaining <= 0 || lot.ExpiresAt == Instant.Never) continue;
            expiring.Add(new(lot.Remaining, lot.ExpiresAt));
            if (expiring.Count == PointsView.ExpiringMax) break;
        }

        return expiring.DrainToImmutable();
    }

    /// <summary>The first of <see cref="ExpiringOf"/>; null for none.</summary>
    internal static (long Points, Instant At)? NextExpiryOf(CustomerState state)
    {
        foreach (var lot in state.Lots)
            if (lot.Remaining > 0 && lot.ExpiresAt != Instant.Never) return (lot.Remaining, lot.ExpiresAt);
        return null;
    }

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
            Windows = WindowsOf(state, instant),
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

    private static ImmutableArray<(string Name, WindowTotals Totals)> WindowsOf(CustomerState state, Instant instant)
    {
        var windows = new (string Name, WindowTotals Totals)[WindowNames.Length];
        Span<WindowTotals> sums = stackalloc WindowTotals[Variables.Windows.Length];
        Buckets.Sums(state.Buckets, Variables.Windows, instant, sums);
        for (var i = 0; i < sums.Length; i++) windows[i] = (WindowNames[i], sums[i]);
        windows[^1] = (WindowNames[^1], state.Lifetime);
        return ImmutableCollectionsMarshal.AsImmutableArray(windows);
    }

    internal static ImmutableArray<WarningView> WarningsOf(CustomerState state, Program program, Instant instant)
    {
        if (state.Moments.Last is not { } last) return [];
        var rule = program.Stages.Silence;
        var since = last.Plus(new SilenceLimits(state.Gaps, rule).AtRisk);
        return instant < since
            ? []
            : [new(RhythmWarning, since, SilentFor(last, instant), state.Gaps, rule)];
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
