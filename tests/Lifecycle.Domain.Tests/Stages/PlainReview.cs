using System.Globalization;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Tests.Stages;

/// <summary>
/// <see cref="StageReview"/> as plainly as it can be said: every instant at which anything may change is looked at,
/// and everything is worked out anew at each.
/// </summary>
internal sealed class PlainReview(CustomerState state, Program program)
{

    private readonly StageProgram _stages = program.Stages;
    private readonly Silence _silence = Silence.Of(state.Gaps, program.Stages.Silence);

    /// <summary>Null when the customer stays where they are.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="keepDwell">Whether the minimum stay holds; a return undoes a stage at once.</param>
    public StageMove? At(Instant at, bool keepDwell = true)
    {
        var move = Find(at);
        if (move.Name == state.Stage && move.Role == state.StageRole) return null;
        return keepDwell && at < DwellEnd() ? null : move;
    }

    /// <summary>
    /// The first instant after <paramref name="from"/> at which <see cref="At"/> gives another stage.
    /// </summary>
    public Instant NextChange(Instant from)
    {
        var at = from;
        for (var i = 0; i < StageReview.ReviewInstantsMax; i++)
        {
            var next = NextCandidate(at);
            if (next == Instant.Never || At(next) is not null) return next;
            at = next;
        }

        return at;
    }

    private StageMove Find(Instant at)
    {
        if (state.Moments.Last is not { } last) return Growth(at);
        var silent = TimeSpan.FromMicroseconds(Math.Max(0, at - last));
        if (silent >= _silence.Churned) return Silent(_stages.Churned, StageRole.Churned, _silence.Churned);
        if (silent >= _silence.Dormant) return Silent(_stages.Dormant, StageRole.Dormant, _silence.Dormant);
        if (silent >= _silence.AtRisk) return Silent(_stages.AtRisk, StageRole.AtRisk, _silence.AtRisk);
        if (_stages.Reactivated is { } back)
        {
            if (state.StageRole is StageRole.Dormant or StageRole.Churned && OrderedSince(last))
                return new(back.Name, StageRole.Reactivated, $"an order after {state.Stage}");
            // By its role, not its name: another program may call the same stage something else.
            if (state.StageRole == StageRole.Reactivated && !Settled(back, at))
                return new(back.Name, StageRole.Reactivated, state.StageReason);
        }

        return Growth(at);
    }

    /// <summary>A silence can also end without an order: a late one can make the customer's gaps longer.</summary>
    private bool OrderedSince(Instant last) =>
        state.Moments.LastDay > state.StageOrderDay || last > state.StageSince;

    private bool Settled(ReactivatedStage back, Instant at)
    {
        if (at >= state.StageSince.Plus(back.For)) return true;
        var days = 1;
        var day = state.StageOrderDay;
        foreach (var moment in state.Moments.Recent)
        {
            if (moment.Day <= day) continue;
            day = moment.Day;
            days++;
        }

        return days >= back.OrderDays;
    }

    private StageMove Growth(Instant at)
    {
        var facts = new StateFacts(state, at);
        for (var i = _stages.Growth.Length - 1; i > 0; i--)
        {
            var stage = _stages.Growth[i];
            if (stage.Name != state.Stage && !stage.From.IsEmpty && !stage.From.Contains(state.Stage)) continue;
            if (Holds(stage.When, facts)) return new(stage.Name, StageRole.Growth, stage.When.Text);
        }

        return new(_stages.Growth[0].Name, StageRole.Growth, _stages.Growth[0].When.Text);
    }

    /// <summary>A condition that has no value at an instant, such as a division by zero, does not hold.</summary>
    private static bool Holds(Condition condition, IFacts facts)
    {
        try
        {
            return condition.Evaluate(facts).Truth;
        }
        catch (ConditionException)
        {
            return false;
        }
    }

    private static StageMove Silent(string name, StageRole role, TimeSpan limit) => new(
        name, role, string.Create(CultureInfo.InvariantCulture, $"no order for {limit.TotalDays:0.##} days"));

    private Instant DwellEnd() =>
        _stages.Dwell.TryGetValue(state.Stage, out var dwell) ? state.StageSince.Plus(dwell) : state.StageSince;

    /// <summary>The next instant at which anything that the stage depends on can change.</summary>
    private Instant NextCandidate(Instant after)
    {
        var next = Instant.Never;
        Consider(DwellEnd());
        if (state.Moments.Last is { } last)
        {
            Consider(last.Plus(_silence.AtRisk));
            Consider(last.Plus(_silence.Dormant));
            Consider(last.Plus(_silence.Churned));
        }

        if (state.StageRole == StageRole.Reactivated && _stages.Reactivated is { } back)
            Consider(state.StageSince.Plus(back.For));
        // Silence beats every condition, so that none is asked while it lasts.
        if (state.Moments.Last is { } order && after >= order.Plus(_silence.AtRisk)) return next;
        foreach (var stage in _stages.Growth)
            foreach (var variable in stage.When.Reads)
                if (variable.MovesWithTime) Consider(NextMove(variable, after));
        return next;

        void Consider(Instant candidate)
        {
            if (candidate > after && candidate < next) next = candidate;
        }
    }

    private Instant NextMove(Variable variable, Instant after)
    {
        if (variable.Fact == Fact.RecencyDays)
            return state.Moments.Last is { } last
                ? last.PlusDays(Math.Max(0, after - last) / Instant.MicrosPerDay + 1)
                : Instant.Never;
        foreach (var bucket in state.Buckets)
        {
            if (StateFacts.Of(bucket.Totals, variable.Fact) == 0) continue;
            if (Buckets.Leaves(bucket.Start, variable.WindowDays) is var leaves && leaves > after) return leaves;
        }

        return Instant.Never;
    }
}
