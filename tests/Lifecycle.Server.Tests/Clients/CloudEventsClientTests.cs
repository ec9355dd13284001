using System.Text.Json;

namespace Lifecycle.Server.Tests.Clients;

/// <summary>The CloudEvents project's own SDK for JavaScript against a real server.</summary>
public sealed class CloudEventsClientTests : IDisposable
{
    private const int Count = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-cloudevents-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_sdk_delivers_in_every_mode_and_a_redelivery_in_another_mode_is_a_duplicate()
    {
        using var client = await NodeClient.InstallAsync("cloudevents");
        await using var server = await ServerProcess.StartAsync(_folder);

        var printed = await client.RunScriptAsync(
            "send.mjs", server.Http.BaseAddress!.ToString().TrimEnd('/'), "dev", $"{Count}");

        using var answers = JsonDocument.Parse(printed);
        Assert.Equal(6, answers.RootElement.EnumerateObject().Count());
        foreach (var answer in answers.RootElement.EnumerateObject())
        {
            var again = answer.Name.EndsWith("_again", StringComparison.Ordinal);
            Assert.Equal(
                (answer.Name, again ? 0 : Count, again ? Count : 0, 0),
                (answer.Name, Of(answer, "accepted"), Of(answer, "duplicates"), Of(answer, "quarantined")));
        }

        var cancel = TestContext.Current.CancellationToken;
        var body = await server.Http.GetByteArrayAsync("/v1/customers/ce-binary-7", cancel);
        using var customer = JsonDocument.Parse(body);
        var lifetime = customer.RootElement.GetProperty("metrics").GetProperty("windows").GetProperty("lifetime");
        // Orders 7, 17, 27, 37 and 47 of 10 euros and as many cents.
        Assert.Equal((5, 5_135), (Of(lifetime, "orders"), Of(lifetime, "spend_minor")));
    }

    private static long Of(JsonProperty answer, string name) => Of(answer.Value, name);

    private static long Of(JsonElement json, string name) => json.GetProperty(name).GetInt64();
}
