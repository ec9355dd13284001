using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Programs;
using Lifecycle.Engine.Programs;

namespace Lifecycle.Engine.Tests.Programs;

public sealed class ProgramLimitTests
{
    [Fact]
    public void A_document_over_the_limit_is_refused_unread()
    {
        var rest = ProgramLimits.DocumentBytesMax - Documents.Minimal.Length - 1;
        var fits = Documents.Minimal + "#" + new string('x', rest);
        Assert.Empty(ProgramDocument.Parse(fits, 1).Errors);
        Assert.Contains("at most 262144", OnlyError(fits + "x"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Deep_nesting_is_refused(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, ProgramLimits.DocumentBytesMax / part.Length));
        Assert.Contains("nested too deep", OnlyError(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("just text")]
    [InlineData("- a\n- b\n")]
    [InlineData("a: [1, 2")]
    [InlineData("a: b: c")]
    [InlineData("a: 'open\n")]
    [InlineData("%YAML 9.9\n---\na")]
    public void What_is_no_program_gives_an_error(string yaml) => OnlyError(yaml);

    [Fact]
    public void Too_many_stages_and_rules_are_refused()
    {
        var stages = string.Concat(Enumerable.Range(0, 30).Select(i => $"  - {{name: S{i}, when: 'true'}}\n"));
        var rules = string.Concat(Enumerable.Range(0, 65).Select(i => $"  - {{name: R{i}, points: 1}}\n"));
        Assert.StartsWith(
            "line 5, column 3: stages: there are 35 stages, at most 32",
            OnlyError(Documents.With("  - {name: AtRisk", stages + "  - {name: AtRisk"), several: true),
            StringComparison.Ordinal);
        Assert.Equal(
            "line 13, column 3: earn: there are 65 rules, at most 64 are allowed.",
            OnlyError(Documents.WithEarn("earn:\n" + rules)));
    }

    [Fact]
    public void Errors_are_bounded()
    {
        var keys = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"unknown{i}: 1\n"));
        Assert.Equal(ProgramLimits.ErrorsMax, ProgramDocument.Parse(Documents.Minimal + keys, 1).Errors.Length);
    }

    [Fact]
    public void A_document_with_pieces_torn_out_or_doubled_never_throws()
    {
        var yaml = ShippedPrograms.Default;
        var cuts = from start in Gen.Choose(0, yaml.Length)
                   from length in Gen.Choose(0, 40)
                   from insert in Gen.Elements(
                       "", "[", "}", "'", "\"", "&a ", "*a", "!", ": ", "\n", "\t", "|", ">", "- ", "?", "\0", "\ud800",
                       "%", "---\n")
                   from twice in Gen.Elements(0, 1)
                   let end = Math.Min(start + length, yaml.Length)
                   select yaml[..start] + insert + (twice == 1 ? yaml[start..end] : "") + insert + yaml[end..];
        Prop.ForAll(cuts.ToArbitrary(), text =>
        {
            var result = ProgramDocument.Parse(text, 1);
            Assert.Equal(result.Program is null, result.Errors.Length > 0);
            Assert.All(result.Errors, e => Assert.True(e.Line >= 1 && e.Column >= 1));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    private static string OnlyError(string yaml, bool several = false)
    {
        var result = ProgramDocument.Parse(yaml, 1);
        Assert.Null(result.Program);
        if (!several) Assert.Single(result.Errors);
        return result.Errors[0].ToString();
    }
}
