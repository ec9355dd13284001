using System.Collections.Immutable;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Spelling;
using Lifecycle.Domain.Stages;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Engine.Programs;

/// <summary>Reads <c>stages</c>: growth stages by condition, three by silence, one for coming back.</summary>
internal sealed class StagesReader(Section root)
{
    private const int OrderDaysDefault = 2;
    private const int OrderDaysMax = 100;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);
    private static readonly TimeSpan ForDefault = TimeSpan.FromDays(60);

    private static readonly Dictionary<string, StageRole> Silences = new()
    {
        ["at_risk"] = StageRole.AtRisk,
        ["dormant"] = StageRole.Dormant,
        ["churned"] = StageRole.Churned,
    };

    private static readonly Dictionary<string, StageRole> Returning = new() { ["silence"] = StageRole.Reactivated };

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<GrowthStage> _growth = [];
    private readonly Dictionary<StageRole, string> _silent = [];
    private readonly List<(Section Stage, string Name, DocumentNode.Scalar From)> _froms = [];
    private readonly ImmutableDictionary<string, TimeSpan>.Builder _dwell =
        ImmutableDictionary.CreateBuilder<string, TimeSpan>(StringComparer.Ordinal);

    private ReactivatedStage? _reactivated;
    private bool _hasUnknownSilence;

    public StageProgram Read(SilenceRule silence)
    {
        var items = root.List("stages", "a list of stages");
        if (items.Count > ProgramLimits.StagesMax)
            root.Add("stages", $"there are {items.Count} stages, at most {ProgramLimits.StagesMax} are allowed.");
        foreach (var item in items.Take(ProgramLimits.StagesMax))
            if (root.AsSection("stages", item, ProgramKeys.Stage) is { } stage) ReadStage(stage);
        CheckFroms();
        if (root.Has("stages")) CheckRoles();
        return new()
        {
            Growth = [.. _growth],
            AtRisk = _silent.GetValueOrDefault(StageRole.AtRisk, ""),
            Dormant = _silent.GetValueOrDefault(StageRole.Dormant, ""),
            Churned = _silent.GetValueOrDefault(StageRole.Churned, ""),
            Reactivated = _reactivated,
            Silence = silence,
            Dwell = _dwell.ToImmutable(),
        };
    }

    private void ReadStage(Section stage)
    {
        var name = stage.RequireName("name") ?? "";
        if (name.Length > 0 && !_names.Add(name))
            stage.Add("name", $"there is another stage {DocumentErrors.Quote(name)}: names are unique.");
        if (stage.Has("dwell") && name.Length > 0)
            _dwell[name] = stage.Duration("dwell", Day, TimeSpan.FromMinutes(1), TenYears);
        if (stage.Has("silence")) ReadSilent(stage, name);
        else if (stage.Has("after")) ReadReactivated(stage, name);
        else ReadGrowth(stage, name);
    }

    private void ReadSilent(Section stage, string name)
    {
        Forbid(stage, "a stage of silence", "when", "from", "after", "until");
        var role = stage.Choice("silence", StageRole.Growth, Silences);
        if (role == StageRole.Growth) _hasUnknownSilence = true;
        else if (!_silent.TryAdd(role, name))
            stage.Add("silence", $"another stage has this silence already: {DocumentErrors.Quote(_silent[role])}.");
    }

    private void ReadReactivated(Section stage, string name)
    {
        Forbid(stage, "the stage after silence", "when", "from");
        stage.Choice("after", StageRole.Reactivated, Returning);
        if (_reactivated is not null)
            stage.Add("after", $"another stage is after silence already: {DocumentErrors.Quote(_reactivated.Name)}.");
        var until = stage.Child("until", ProgramKeys.Until);
        _reactivated = new(
            name, (int)(until?.Whole("order_days", OrderDaysDefault, 1, OrderDaysMax) ?? OrderDaysDefault),
            until?.Duration("for", ForDefault, Day, TenYears) ?? ForDefault);
    }

    private void ReadGrowth(Section stage, string name)
    {
        Forbid(stage, "a stage with a condition", "until");
        var isFirst = _growth.Count == 0;
        if (isFirst) Forbid(stage, "the first stage, where everyone starts,", "from");
        if (!isFirst) stage.Require("when", "a condition over customer.*, such as \"customer.orders >= 2\"");
        var when = stage.Condition("when", ConditionType.Truth, ConditionScope.Stage);
        if (isFirst && when is not null && when.Text.Trim() != "true")
            stage.Add("when", "the first stage is where everyone starts: expected \"true\", or no 'when'.");
        _growth.Add(new(name, when ?? Always(), ReadFrom(stage, name)));
    }

    private ImmutableArray<string> ReadFrom(Section stage, string name)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var item in stage.List("from", "a list of stages, such as [New, Growing]"))
        {
            if (stage.AsScalar("from", item, "the name of a stage") is not { } from) continue;
            _froms.Add((stage, name, from));
            if (!names.Contains(from.Text)) names.Add(from.Text);
        }

        if (stage.Has("from") && stage.Find("from") is DocumentNode.List { Items.Count: 0 })
            stage.Add("from", "the list is empty: name a stage, or leave 'from' out for any.");
        return names.ToImmutable();
    }

    private void CheckFroms()
    {
        foreach (var (stage, name, from) in _froms)
        {
            if (from.Text == name)
                stage.Add(from.At, "from: a stage cannot be entered from itself.");
            else if (!_names.Contains(from.Text))
            {
                var found = DocumentErrors.Quote(from.Text);
                stage.Add(from.At, $"from: there is no stage {found}.{Nearest.Hint(from.Text, _names)}");
            }
        }
    }

    private void CheckRoles()
    {
        if (_growth.Count == 0) root.Add("stages", "expected at least one stage without 'silence' and 'after'.");
        if (_hasUnknownSilence) return;
        foreach (var (key, role) in Silences)
            if (!_silent.ContainsKey(role)) root.Add("stages", $"no stage has 'silence: {key}': expected exactly one.");
    }

    private static void Forbid(Section stage, string subject, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (stage.Has(key)) stage.Add(key, $"{subject} has no '{key}': remove it.");
    }

    private static Condition Always() =>
        ConditionCompiler.Compile("true", ConditionType.Truth, ConditionScope.Stage).Condition!;
}
