using System.Runtime.CompilerServices;
using Lifecycle.Domain.Conditions;
using Lifecycle.Engine.Programs;

namespace Lifecycle.Engine.Tests.Programs;

/// <summary>The page <c>docs/programs.md</c> is complete, and its example works.</summary>
public sealed class ProgramsPageTests
{
    private static readonly string Page = File.ReadAllText(PagePath());

    [Fact]
    public void Every_key_is_explained() =>
        Assert.All(ProgramKeys.All, key => Assert.Contains($"\n| `{key}` | ", Page, StringComparison.Ordinal));

    [Fact]
    public void Every_variable_is_explained() =>
        Assert.All(Variables.All.Keys, name => Assert.Contains($"| `{name}` |", Page, StringComparison.Ordinal));

    [Fact]
    public void No_variable_is_made_up()
    {
        var named = Page.Split('`').Where((_, i) => i % 2 == 1)
            .Where(code => code.StartsWith("customer.", StringComparison.Ordinal) && !code.Contains('*'));
        Assert.All(named, name => Assert.Contains(name, Variables.All.Keys));
    }

    [Fact]
    public void The_example_is_a_valid_program()
    {
        var yaml = Page.Split("```yaml\n")[1].Split("```")[0];
        Assert.Empty(ProgramDocument.Parse(yaml, 1).Errors);
    }

    private static string PagePath([CallerFilePath] string thisFile = "")
    {
        var folder = Path.GetDirectoryName(thisFile)!;
        return Path.GetFullPath(Path.Combine(folder, "..", "..", "..", "docs", "programs.md"));
    }
}
