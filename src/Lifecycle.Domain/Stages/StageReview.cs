using System.Globalization;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Stages;

/// <summary>
/// The stage that a customer belongs in, and the exact instant at which that changes if nothing comes in.
/// </summary>
/// <remarks>
/// Every entry asks both, so nothing is made here but the answer. The stage of the state may change between two
/// questions; what metrics are made of may not.
/// </remarks>
internal sealed class StageReview(CustomerState state, Program program)
{
    /// <summary>Instants looked at in one search for the next change; past it the last one becomes a review.</summary>
    public const int ReviewInstantsMax = 512;

    private readonly StageProgram _stages = program.Stages;
    private SilenceLimits _silence = new(state.Gaps, program.Stages.Silence);
    private MovingFacts? _facts;
    private Dwell _dwell;

    /// <summary>Null when the customer stays where they are.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="keepDwell">Whether the minimum stay holds; a return undoes a stage at once.</param>
    public StageMove? At(Instant at, bool keepDwell = true)
    {
        var place = Find(at);
        return Moves(place, at, keepDwell) ? new(place.Name, place.Role, ReasonOf(place)) : null;
    }

    /// <summary>
    /// The first instant after <paramref name="from"/> at which <see cref="At"/> gives another stage.
    /// </summary>
    public Instant NextChange(Instant from)
    {
        var at = from;
        for (var i = 0; i < ReviewInstantsMax; i++)
        {
            var next = NextCandidate(at);
            if (next == Instant.Never || Moves(Find(next), next, keepDwell: true)) return next;
            at = next;
        }

        return at;
    }

    private bool Moves(Place place, Instant at, bool keepDwell) =>
        (place.Name != state.Stage || place.Role != state.StageRole) && !(keepDwell && at < DwellEnd());

    private Place Find(Instant at)
    {
        if (state.Moments.Last is not { } last) return Growth(at);
        var silent = Math.Max(0, at - last);
        if (silent >= _silence.AtRisk)
        {
            if (silent >= _silence.Churned) return new(_stages.Churned, StageRole.Churned);
            return silent >= _silence.Dormant
                ? new(_stages.Dormant, StageRole.Dormant)
                : new(_stages.AtRisk, StageRole.AtRisk);
        }

        if (_stages.Reactivated is { } back)
        {
            if (state.StageRole is StageRole.Dormant or StageRole.Churned && OrderedSince(last))
                return new(back.Name, StageRole.Reactivated);
            // By its role, not its name: another program may call the same stage something else.
            if (state.StageRole == StageRole.Reactivated && !Settled(back, at))
                return new(back.Name, StageRole.Reactivated);
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

    private Place Growth(Instant at)
    {
        if (_facts is null || !_facts.TryMoveTo(at)) _facts = new(state, _stages.Windows, at, SilenceFrom());
        var index = _stages.Growth.Length - 1;
        for (; index > 0; index--)
        {
            var stage = _stages.Growth[index];
            if (stage.Name != state.Stage && !stage.From.IsEmpty && !stage.From.Contains(state.Stage)) continue;
            if (_facts.Hold(stage.When)) break;
        }

        return new(_stages.Growth[index].Name, StageRole.Growth) { Growth = index };
    }

    private string ReasonOf(Place place) => place.Role switch
    {
        StageRole.Churned => NoOrderFor(_silence.Churned),
        StageRole.Dormant => NoOrderFor(_silence.Dormant),
        StageRole.AtRisk => NoOrderFor(_silence.AtRisk),
        StageRole.Reactivated => state.StageRole == StageRole.Reactivated
            ? state.StageReason
            : $"an order after {state.Stage}",
        _ => _stages.Growth[place.Growth].When.Text,
    };

    private static string NoOrderFor(long micros) => string.Create(
        CultureInfo.InvariantCulture, $"no order for {TimeSpan.FromMicroseconds(micros).TotalDays:0.##} days");

    private Instant DwellEnd()
    {
        if (!ReferenceEquals(_dwell.Stage, state.Stage) || _dwell.Since != state.StageSince)
            _dwell = new(state.Stage, state.StageSince, _stages.Dwell.TryGetValue(state.Stage, out var dwell)
                ? state.StageSince.Plus(dwell)
                : state.StageSince);
        return _dwell.End;
    }

    /// <summary>The first instant that is silent; from there on no condition is asked.</summary>
    private Instant SilenceFrom() => state.Moments.Last is { } last ? last.Plus(_silence.AtRisk) : Instant.Never;

    /// <summary>The next instant at which anything that the stage depends on can change.</summary>
    private Instant NextCandidate(Instant after)
    {
        var next = Instant.Never;
        Consider(DwellEnd());
        if (state.StageRole == StageRole.Reactivated && _stages.Reactivated is { } back)
            Consider(state.StageSince.Plus(back.For));
        if (state.Moments.Last is { } last)
        {
            // Each limit is not before the one above it, and dearer to know.
            Consider(last.Plus(_silence.AtRisk));
            if (after >= last.Plus(_silence.AtRisk))
            {
                Consider(last.Plus(_silence.Dormant));
                if (after >= last.Plus(_silence.Dormant)) Consider(last.Plus(_silence.Churned));
                return next;
            }

            if (_stages.ReadsRecency)
                Consider(last.PlusDays(Math.Max(0, after - last) / Instant.MicrosPerDay + 1));
        }

        if (_stages.Windows.IsEmpty) return next;
        if (_facts is null || !_facts.TryMoveTo(after)) _facts = new(state, _stages.Windows, after, SilenceFrom());
        Consider(_facts.NextMove);
        return next;

        void Consider(Instant candidate)
        {
            if (candidate > after && candidate < next) next = candidate;
        }
    }

    /// <summary>How long a stay lasts at least.</summary>
    private readonly record struct Dwell(string? Stage, Instant Since, Instant End);

    /// <summary>Where a customer belongs.</summary>
    private readonly record struct Place(string Name, StageRole Role)
    {
        /// <summary>Which stage of growth.</summary>
        public int Growth { get; init; }
    }
}

/// <summary>Where to, and why.</summary>
internal sealed record StageMove(string Name, StageRole Role, string Reason);
