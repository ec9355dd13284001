using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Postgres;
using Lifecycle.Web;

namespace Lifecycle.Server.Tests;

/// <summary>What of the house style a machine can judge.</summary>
public sealed partial class StyleTests
{
    private const int FileLinesMax = 500;

    [Fact]
    public void No_source_file_is_long()
    {
        var tooLong = ProjectFiles.Below("src", "*.cs")
            .Select(file => (File: Path.GetRelativePath(ProjectFiles.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > FileLinesMax);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Every_relative_link_in_a_document_leads_somewhere()
    {
        var dead = ProjectFiles.Below("", "*.md").SelectMany(
            document => LinksOf(document)
                .Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, link)))
                .Select(link => $"{Path.GetRelativePath(ProjectFiles.Root, document)}: {link}"));

        Assert.Empty(dead);
    }

    [Fact]
    public void Every_package_says_why_it_is_here()
    {
        var unexplained = XDocument.Load(Path.Combine(ProjectFiles.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Where(package => !IsExplained(package))
            .Select(package => package.Attribute("Include")!.Value);

        Assert.Empty(unexplained);
    }

    [Theory]
    [InlineData(typeof(EngineSettings))]
    [InlineData(typeof(EngineOptions))]
    [InlineData(typeof(WebOptions))]
    [InlineData(typeof(PostgresOptions))]
    public void Every_setting_is_in_the_documents(Type options)
    {
        var documents = string.Concat(ProjectFiles.Below("docs", "*.md").Select(File.ReadAllText));
        var missing = options.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Select(setting => setting.Name)
            .Where(name => !Regex.IsMatch(documents, $@"[`:]{name}\b"));

        Assert.Empty(missing);
    }

    private static bool IsExplained(XElement package) =>
        package.PreviousNode is XComment comment && comment.Value.Trim().Length > 0;

    private static IEnumerable<string> LinksOf(string document) =>
        Link().Matches(Fence().Replace(File.ReadAllText(document), ""))
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains(':', StringComparison.Ordinal) && !link.StartsWith('#'))
            .Select(link => Uri.UnescapeDataString(link.Split('#')[0]));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    /// <summary>Code, where brackets mean something else.</summary>
    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
