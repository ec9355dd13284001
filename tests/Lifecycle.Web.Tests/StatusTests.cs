using System.Text.Json;
using Lifecycle.Web.Tests.Support;
using Lifecycle.Web.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

public sealed class StatusTests
{
    [Theory]
    [InlineData("c-1")]
    [InlineData("客户 \"一\" 🎁")]
    public async Task A_status_is_what_the_serializer_would_write_with_the_tag_of_that(string id)
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync(id.Replace("\"", "\\\"", StringComparison.Ordinal), "e");
        await site.OrderAsync("other", "o");
        var path = $"/v1/customers/{Uri.EscapeDataString(id)}";
        for (var step = 0; step < 4; step++)
        {
            // Twice: the second is answered with what the first one left.
            for (var time = 0; time < 2; time++)
            {
                await SameAsSerialized(site, id, $"{path}/status");
                await SameAsSerialized(site, id, $"{path}/status?as_of=2026-12-10T00:00:00.120Z");
            }

            if (step == 0) await site.AdvanceAsync(TimeSpan.FromDays(20));
            if (step == 1) await site.AdvanceAsync(TimeSpan.FromDays(500));
            if (step == 2) await site.PostAsync($"{path}/merge", """{"from":"other"}""");
        }

        await SameAsSerialized(site, id, "/v1/customers/other/status");
    }

    private static async Task SameAsSerialized(Site site, string id, string path)
    {
        var answer = await site.GetAsync(path);
        var status = JsonSerializer.Deserialize(answer.Body, WireJson.Wire.StatusWire)!;
        Assert.Equal(id, status.Customer);
        Assert.Equal(JsonSerializer.Serialize(status, WireJson.Wire.StatusWire), answer.Body);
        var tags = site.Services.GetRequiredService<EntityTags>();
        Assert.Equal(tags.TagOf(status, WireJson.Wire.StatusWire), answer.ETag);
        var view = (await site.GetAsync(path.Replace("/status", "", StringComparison.Ordinal))).Json;
        Assert.Equal(view.GetProperty("version").GetInt64(), status.Version);
        Assert.Equal(view.GetProperty("stage").GetProperty("name").GetString(), status.Stage);
        Assert.Equal(view.GetProperty("points").GetProperty("available").GetInt64(), status.Available);
        Assert.Equal(view.GetProperty("next_change_at").ToString(), $"{Text(status.NextChangeAt)}");
        Assert.Equal(
            view.GetProperty("points").GetProperty("expiring").EnumerateArray().Select(e => e.GetProperty("points").GetInt64())
                .Take(1),
            status.NextExpiry is { } next ? [next.Points] : []);
    }

    private static string? Text(DateTime? time) => time is null ? "" : JsonSerializer.SerializeToElement(time).GetString();
}
