using System.Reflection;
using System.Text.RegularExpressions;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Postgres;
using Lifecycle.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using YamlDotNet.RepresentationModel;

namespace Lifecycle.Cluster.Tests;

/// <summary>docker-compose.yml and deploy/: what a machine can say of them without a machine to run them on.</summary>
public sealed partial class DeploymentTests
{
    /// <summary>Every option that an environment may set, by the section that it is in.</summary>
    private static readonly Dictionary<string, Type> Sections = new()
    {
        ["Lifecycle"] = typeof(EngineSettings),
        ["Lifecycle:Engine"] = typeof(EngineOptions),
        [ClusterOptions.Section] = typeof(ClusterOptions),
        [PostgresServices.Section] = typeof(PostgresOptions),
        [WebOptions.Section] = typeof(WebOptions),
    };

    private static IEnumerable<string> Manifests =>
        Directory.EnumerateFiles(Path.Combine(ProjectRoot.Folder, "deploy", "kubernetes"))
            .Select(file => Path.GetRelativePath(ProjectRoot.Folder, file)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Files => Manifests.Prepend("docker-compose.yml");

    [Fact]
    public void Every_option_that_is_set_exists_and_takes_its_value()
    {
        var set = Files.SelectMany(Documents).SelectMany(Environment).Where(one => IsOption(one.Name)).ToList();

        Assert.True(set.Count >= 10);
        foreach (var (name, value) in set)
        {
            var path = name.Replace("__", ":", StringComparison.Ordinal);
            var cut = path.LastIndexOf(':');
            Assert.True(Sections.TryGetValue(path[..cut], out var section), $"There is no section {path[..cut]}.");
            var option = section.GetProperty(path[(cut + 1)..], BindingFlags.Public | BindingFlags.Instance);
            Assert.True(option is { CanWrite: true }, $"There is no option {path}.");
            // What is given elsewhere is known there only.
            if (value is null || value.Contains("${", StringComparison.Ordinal)) continue;
            var type = Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType;
            Assert.NotNull(System.ComponentModel.TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value));
        }
    }

    [Fact]
    public void Every_image_is_of_one_version()
    {
        var images = Files.SelectMany(Documents).SelectMany(all => Values(all, "image")).Cast<YamlScalarNode>().ToList();

        Assert.True(images.Count >= 4);
        Assert.All(images, image => Assert.Matches(PinnedImage(), image.Value));
    }

    [Fact]
    public void The_images_of_the_container_file_are_public_ones_of_one_version()
    {
        var stages = File.ReadLines(Path.Combine(ProjectRoot.Folder, "deploy", "Containerfile"))
            .Select(line => FromImage().Match(line)).Where(match => match.Success)
            .Select(match => (Image: match.Groups[1].Value, Stage: match.Groups[2].Value)).ToList();

        var names = stages.Select(one => one.Stage).ToHashSet();
        var outside = stages.Where(one => !names.Contains(one.Image)).ToList();
        Assert.All(outside, one => Assert.StartsWith("mcr.microsoft.com/dotnet/", one.Image, StringComparison.Ordinal));
        Assert.All(outside, one => Assert.Matches(PinnedImage(), one.Image));
        foreach (var target in Values(Documents("docker-compose.yml").Single(), "target").OfType<YamlScalarNode>())
            if (!target.Value!.StartsWith('/')) Assert.Contains(target.Value, names);
    }

    [Fact]
    public void Probes_ask_routes_that_exist()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddLifecyclePostgres(builder.Configuration);
        builder.Services.AddLifecycleEngine(builder.Configuration);
        builder.Services.AddLifecycleWeb(builder.Configuration);
        IEndpointRouteBuilder app = builder.Build().MapLifecycleHealth();
        var routes = app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/'))
            .ToHashSet();

        var asked = Documents("deploy/kubernetes/deployment.yaml").SelectMany(all => Values(all, "httpGet"))
            .Select(probe => ((YamlScalarNode)probe["path"]).Value!).ToList();
        var container = HealthyArgument().Matches(
            File.ReadAllText(Path.Combine(ProjectRoot.Folder, "deploy", "Containerfile")));

        Assert.Equal(3, asked.Count);
        Assert.All(asked, path => Assert.Contains(path, routes));
        // The other one is the balancer's; its own tests look at that.
        Assert.Single(container, match => routes.Contains(match.Groups[1].Value));
    }

    [Fact]
    public void The_ports_of_a_pod_are_those_that_it_is_told()
    {
        var pod = Documents("deploy/kubernetes/deployment.yaml").Single();
        var ports = Values(pod, "ports").OfType<YamlSequenceNode>().Single().ToDictionary(
            port => ((YamlScalarNode)port["name"]).Value!, port => ((YamlScalarNode)port["containerPort"]).Value);
        var told = Environment(pod).ToDictionary(one => one.Name, one => one.Value);

        Assert.Equal(ports["silo"], told["Lifecycle__Cluster__SiloPort"]);
        Assert.Equal(ports["gateway"], told["Lifecycle__Cluster__GatewayPort"]);
        Assert.Contains(
            $"Lifecycle__Urls=http://+:{ports["http"]}",
            File.ReadAllText(Path.Combine(ProjectRoot.Folder, "deploy", "Containerfile")), StringComparison.Ordinal);
        var used = Documents("deploy/kubernetes/service.yaml")
            .Concat(Documents("deploy/kubernetes/network.yaml")).Concat([pod])
            .SelectMany(all => Values(all, "port").Concat(Values(all, "targetPort"))).OfType<YamlScalarNode>()
            .Select(port => port.Value!).Where(port => !port.All(char.IsAsciiDigit)).ToHashSet();
        Assert.Equal(ports.Keys.Order(), used.Order());
    }

    [Theory]
    [InlineData("deploy/kubernetes/deployment.yaml", "terminationGracePeriodSeconds")]
    [InlineData("docker-compose.yml", "stop_grace_period")]
    public void A_process_is_given_the_time_that_its_stop_takes(string file, string setting)
    {
        // What answers have after the drain.
        var answers = TimeSpan.FromSeconds(30);
        var all = Documents(file).Single();
        var drain = Environment(all).Where(one => one.Name == "Lifecycle__Web__DrainTime")
            .Select(one => TimeSpan.Parse(one.Value!, System.Globalization.CultureInfo.InvariantCulture)).Max();

        var grace = Values(all, setting).Cast<YamlScalarNode>().Select(node => node.Value!.TrimEnd('s')).Distinct();

        Assert.True(
            double.Parse(Assert.Single(grace), System.Globalization.CultureInfo.InvariantCulture)
            >= (drain + answers).TotalSeconds);
    }

    [Fact]
    public void Everything_in_Kubernetes_is_of_one_application()
    {
        var all = Manifests.SelectMany(Documents).ToList();

        Assert.Equal(
            ["Deployment", "NetworkPolicy", "PodDisruptionBudget", "Secret", "Service"],
            all.Select(one => ((YamlScalarNode)one["kind"]).Value!).Order(StringComparer.Ordinal));
        Assert.All(all, one => Assert.Equal("lifecycle", ((YamlScalarNode)one["metadata"]["name"]).Value));
        Assert.All(
            all.SelectMany(one => Values(one, "matchLabels").Concat(Values(one, "labels"))),
            labels => Assert.Equal("lifecycle", ((YamlScalarNode)labels["app"]).Value));
        var secrets = all.SelectMany(one => Values(one, "stringData")).Cast<YamlMappingNode>().Single()
            .Children.Keys.Select(name => ((YamlScalarNode)name).Value).ToList();
        var asked = all.SelectMany(one => Values(one, "secretKeyRef").Select(key => key["key"]))
            .Concat(all.SelectMany(one => Values(one, "subPath"))).Select(key => ((YamlScalarNode)key).Value);
        Assert.Equal(secrets.Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
    }

    /// <summary>Those of the balancer are looked at by its own tests.</summary>
    private static bool IsOption(string name) =>
        name.StartsWith("Lifecycle__", StringComparison.Ordinal)
        && !name.StartsWith("Lifecycle__Balancer__", StringComparison.Ordinal);

    private static IEnumerable<YamlNode> Documents(string file)
    {
        using var reader = File.OpenText(Path.Combine(ProjectRoot.Folder, file));
        var stream = new YamlStream();
        // Merge keys are not followed: what is merged stands somewhere itself, and is looked at there.
        stream.Load(reader);
        Assert.NotEmpty(stream.Documents);
        return stream.Documents.Select(document => document.RootNode);
    }

    /// <summary>Everything that stands under the name, wherever.</summary>
    private static IEnumerable<YamlNode> Values(YamlNode root, string name) => root.AllNodes.OfType<YamlMappingNode>()
        .SelectMany(mapping => mapping.Children).Where(pair => pair.Key is YamlScalarNode key && key.Value == name)
        .Select(pair => pair.Value).Distinct();

    /// <summary>As Compose writes it (a mapping) and as Kubernetes does (a list of names and values).</summary>
    private static IEnumerable<(string Name, string? Value)> Environment(YamlNode root) => root.AllNodes
        .OfType<YamlMappingNode>().SelectMany(mapping => mapping.Children)
        .SelectMany(pair => pair switch
        {
            { Key: YamlScalarNode { Value: "env" }, Value: YamlSequenceNode all } => all.Select(one =>
                (((YamlScalarNode)one["name"]).Value!,
                    ((YamlMappingNode)one).Children.TryGetValue("value", out var value)
                        ? ((YamlScalarNode)value).Value
                        : null)),
            { Key: YamlScalarNode { Value: { } name }, Value: YamlScalarNode text } when IsOption(name) =>
                [(name, text.Value)],
            _ => Enumerable.Empty<(string, string?)>(),
        }).Distinct();

    [GeneratedRegex(@"^[a-z0-9./-]+:[0-9]+\.[0-9]+(\.[0-9]+)?$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex(@"^FROM (\S+) AS (\S+)$")]
    private static partial Regex FromImage();

    [GeneratedRegex("""healthy", "([^"]+)"\]""")]
    private static partial Regex HealthyArgument();
}
