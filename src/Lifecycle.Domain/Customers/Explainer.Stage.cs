using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>The stage, the warnings, and what time will change.</summary>
public sealed partial class Explainer
{
    private static ImmutableArray<string> WarningFields =>
        ["warnings[n].code", "warnings[n].since", "warnings[n].evidence"];

    private static ImmutableArray<FieldRule> StageRules =>
    [
        OfStage("stage", (_, changed) => changed.To),
        OfStage("stage.name", (_, changed) => changed.To),
        OfStage("stage.since", (entry, _) => TextOf(entry.At)),
        OfStage("stage.reason", (_, changed) => changed.Reason),
        Ahead("stage.next_review_at", NextReview),
        Ahead("next_change_at", NextChange),
        Ahead("version", standing => new(
            standing.Settled.Version, Formula: "the number of the customer's last entry that was decided by as_of")),
        new("warnings", ReadOrders, all => new(
            null, string.Join(", ", all.Standing.Warnings.Select(warning => warning.Code)), RhythmFormula)
        {
            Parts = RhythmParts(all.Standing),
        }),
    ];

    private static FieldRule OfStage(string field, Func<Entry, Effect.StageChanged, string?> text)
    {
        return new(field, Read, all => new(null, all.Text));

        IEnumerable<Told> Read(Reading reading)
        {
            if (reading.Effect is Effect.StageChanged changed)
                yield return new(changed.Reason, null, text(reading.Entry, changed));
        }
    }

    private static Come NextReview(Standing standing)
    {
        var (state, program, at) = (standing.Settled.State, standing.Settled.Program, standing.Settled.NextReviewAt);
        var parts = new[] { Words("stage", state.Stage), Words("program", $"{program.Name} {program.Version}") }
            .Concat(SilenceParts(state, program.Stages.Silence)).ToImmutableArray();
        if (at == Instant.Never)
            return new(null, null, "nothing that the stage depends on changes with time alone") { Parts = parts };
        var move = new StageReview(state, program).At(at);
        return new(null, TextOf(at), "the first instant at which time alone changes the stage, or asks for it again")
        {
            Parts = parts,
            Ahead = move is null ? [] : [AheadAt(at, move.Reason, null, move.Name)],
        };
    }

    private static Come NextChange(Standing standing)
    {
        var state = standing.Settled.State;
        var lot = state.Lots.FirstOrDefault(lot => lot.Remaining > 0);
        var parts = ImmutableArray.Create(
            Time("next_maturity_at", state.Pending.IsEmpty ? null : state.Pending[0].Dates.AvailableAt),
            Time("next_expiry_at", lot.Remaining > 0 ? lot.ExpiresAt : null),
            Time("next_review_at", standing.Settled.NextReviewAt));
        var tick = state.DueAt == Instant.Never ? null : Views.DueTick(state, standing.Programs).Tick;
        return new(null, TextOf(state.DueAt), "the earliest of the next maturity, expiry and review of the stage")
        {
            Parts = parts,
            Ahead = tick is null ? [] : [.. tick.Effects.Select(effect => AheadOf(effect, tick.At)).Reverse()],
        };
    }

    private static Contribution AheadOf(Effect effect, Instant at) => effect switch
    {
        Effect.PointsMoved moved => AheadAt(at, CauseOf(moved), moved.Points, null),
        Effect.StageChanged changed => AheadAt(at, changed.Reason, null, changed.To),
        _ => AheadAt(at, "", null, null),
    };

    private static Contribution AheadAt(Instant at, string cause, long? amount, string? text) =>
        new(0, at, at, InputTypes.Tick, "", cause, amount, text, null);

    private const string RhythmFormula =
        "rhythm: as_of is at_risk_after_days or more after last_order_at, the silence that the customer's own gaps " +
        "(under three of them, the program's population) make unusual";

    private static FieldRule WarningRule(string field, int index, string member) => new(field, ReadOrders, all =>
    {
        if (index >= all.Standing.Warnings.Length)
            return new(null, Formula: $"there are {all.Standing.Warnings.Length} warnings");
        var warning = all.Standing.Warnings[index];
        var text = member switch
        {
            "code" => warning.Code,
            "since" => TextOf(warning.Since),
            _ => warning.Evidence,
        };
        return new(null, text, RhythmFormula) { Parts = RhythmParts(all.Standing) };
    });

    private static IEnumerable<Told> ReadOrders(Reading reading) => OrdersRule.Read(reading);

    private static FieldRule OrdersRule { get; } = OfOrders("", Any, _ => new(null));

    private static ImmutableArray<ExplanationPart> RhythmParts(Standing standing)
    {
        var (facts, rule) = (standing.Facts, standing.Settled.Program.Stages.Silence);
        if (facts.Moments.Last is not { } last) return [];
        var silent = Views.SilentFor(last, standing.Instant);
        return
        [
            .. SilenceParts(facts, rule), Measured("silent_days", silent.TotalDays),
            Measured("quantile", Silence.QuantileOf(facts.Gaps, rule, silent)),
        ];
    }

    private static IEnumerable<ExplanationPart> SilenceParts(CustomerState state, SilenceRule rule)
    {
        if (state.Moments.Last is not { } last) yield break;
        var silence = Silence.Of(state.Gaps, rule);
        yield return Time("last_order_at", last);
        yield return Number("gaps", state.Gaps.Count);
        yield return Measured("at_risk_after_days", silence.AtRisk.TotalDays);
        yield return Measured("dormant_after_days", silence.Dormant.TotalDays);
        yield return Measured("churned_after_days", silence.Churned.TotalDays);
    }
}
