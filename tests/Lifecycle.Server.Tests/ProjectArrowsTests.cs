using System.Xml.Linq;

namespace Lifecycle.Server.Tests;

/// <summary>Which project may know which, as docs/ARCHITECTURE.md draws it. Arrows point inward.</summary>
public sealed class ProjectArrowsTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Lifecycle.Domain"] = [],
        ["Lifecycle.Engine"] = ["Lifecycle.Domain"],
        ["Lifecycle.Postgres"] = ["Lifecycle.Engine"],
        ["Lifecycle.Analytics"] = ["Lifecycle.Engine"],
        ["Lifecycle.Web"] = ["Lifecycle.Analytics"],
        ["Lifecycle.Server"] = ["Lifecycle.Web", "Lifecycle.Postgres"],
        ["Lifecycle.Cluster"] = ["Lifecycle.Web", "Lifecycle.Postgres", "Lifecycle.Cli"],
        ["Lifecycle.Balancer"] = [],
        ["Lifecycle.Client"] = [],
        ["Lifecycle.Cli"] = ["Lifecycle.Analytics", "Lifecycle.Postgres", "Lifecycle.Client"],
    };

    [Fact]
    public void Every_project_in_src_has_its_arrows() => Assert.Equal(
        Arrows.Keys.Order(StringComparer.Ordinal),
        ProjectFiles.Below("src", "*.csproj").Select(NameOf).Order(StringComparer.Ordinal));

    [Fact]
    public void A_project_knows_the_next_inner_one_and_no_other()
    {
        foreach (var project in ProjectFiles.Below("src", "*.csproj"))
            Assert.Equal(Arrows[NameOf(project)], Includes(project, "ProjectReference").Select(NameOf));
    }

    [Fact]
    public void The_domain_needs_no_package_and_no_framework()
    {
        var domain = ProjectFiles.Below("src", "Lifecycle.Domain.csproj").Single();

        Assert.Empty(Includes(domain, "PackageReference"));
        Assert.Empty(Includes(domain, "FrameworkReference"));
        Assert.Empty(Includes(domain, "Reference"));
    }

    [Fact]
    public void The_client_needs_no_package()
    {
        var client = ProjectFiles.Below("src", "Lifecycle.Client.csproj").Single();

        Assert.Empty(Includes(client, "PackageReference"));
        Assert.Empty(Includes(client, "FrameworkReference"));
    }

    [Fact]
    public void A_test_project_knows_the_project_it_tests()
    {
        foreach (var project in ProjectFiles.Below("tests", "*.csproj"))
        {
            var tested = NameOf(project).Replace(".Tests", "", StringComparison.Ordinal);
            if (!Arrows.ContainsKey(tested)) continue;
            Assert.Contains(tested, Includes(project, "ProjectReference").Select(NameOf));
        }
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static IEnumerable<string> Includes(string project, string element) =>
        XDocument.Load(project).Descendants(element).Select(reference => reference.Attribute("Include")!.Value);
}
