using Lifecycle.Engine.Programs;

namespace Lifecycle.Engine.Tests.Programs;

public sealed class ProgramDiffTests
{
    [Fact]
    public void Documents_that_say_the_same_have_no_difference()
    {
        var written = Documents.Minimal.Replace("program: small", "# ours\nprogram:   'small'", StringComparison.Ordinal)
            .Replace("points: {name: Stars}", "points:\n  name: \"Stars\"", StringComparison.Ordinal)
            .Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.Empty(ProgramDiff.Between(Documents.Minimal, written));
        foreach (var name in ShippedPrograms.Names)
            Assert.Empty(ProgramDiff.Between(ShippedPrograms.Read(name), ShippedPrograms.Read(name)));
    }

    [Fact]
    public void Each_difference_has_its_path_and_what_was_and_is_written()
    {
        var after = Documents.With("customer.orders >= 1", "customer.orders >= 2")
            .Replace("points: {name: Stars}", "points: {name: Stars, pending: 14d}", StringComparison.Ordinal)
            .Replace("currency: EUR\n", "", StringComparison.Ordinal);
        Assert.Equal(
            [
                new("currency", "removed", "EUR", null),
                new("stages[Buyer].when", "changed", "customer.orders >= 1", "customer.orders >= 2"),
                new ProgramChange("points.pending", "added", null, "14d"),
            ],
            ProgramDiff.Between(Documents.Minimal, after));
    }

    [Fact]
    public void Stages_and_rules_are_compared_by_name_and_their_order_matters()
    {
        var before = Documents.WithEarn("earn:\n  - {name: base, points: '1'}\n  - {name: tea, multiply: 2}");
        var after = Documents.WithEarn(
            "earn:\n  - {name: tea, multiply: 3}\n  - {name: new, points: '2'}\n  - {name: base, points: '1'}");
        Assert.Equal(
            [
                "~ earn[tea].multiply: 2 -> 3", "+ earn[new]: {name: new, points: 2}",
                "~ earn: [base, tea] -> [tea, base]",
            ],
            ProgramDiff.Between(before, after).Select(change => change.ToString()));
    }

    [Fact]
    public void A_renamed_stage_is_one_removed_and_one_added()
    {
        var after = Documents.With("{name: Dormant, silence: dormant}", "{name: Asleep, silence: dormant}");
        Assert.Equal(
            ["- stages[Dormant]: {name: Dormant, silence: dormant}", "+ stages[Asleep]: {name: Asleep, silence: dormant}"],
            ProgramDiff.Between(Documents.Minimal, after).Select(change => change.ToString()));
    }

    [Theory]
    [InlineData("[New, Old]", "[Old]", "~ from: [New, Old] -> [Old]")]
    [InlineData("a", "[a]", "~ from: a -> [a]")]
    [InlineData("", "x", "~ from: nothing -> x")]
    [InlineData("\"a\\nb\"", "' c'", "~ from: \"a\\nb\" -> \" c\"")]
    public void Whatever_is_written_has_a_text_on_one_line(string before, string after, string expected) =>
        Assert.Equal(expected, Assert.Single(ProgramDiff.Between($"from: {before}", $"from: {after}")).ToString());

    [Fact]
    public void What_is_no_yaml_counts_as_empty() =>
        Assert.Equal("+ program: a", Assert.Single(ProgramDiff.Between("[", "program: a")).ToString());

    [Theory]
    [InlineData("program: a\nprogram: b\n")]
    [InlineData("stages: {prospect: 1, prospect: 2}\n")]
    [InlineData("- a\n- b\n")]
    [InlineData("a: &x [*x]\n")]
    [InlineData("\"a\": {? [1, 2] : b}\n")]
    public void Any_text_can_be_compared(string document)
    {
        Assert.NotNull(ProgramDiff.Between(document, Documents.Minimal).ToString());
        Assert.NotNull(ProgramDiff.Between(Documents.Minimal, document).ToString());
    }
}
