using System.Text.Json;
using Lifecycle.Engine.Hosting;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

public sealed class ListTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ids_are_found_by_how_they_begin_whatever_their_case_and_shown_as_the_customer_is_now()
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync("Ann@shop.example", "e-1");
        await site.OrderAsync("anna%", "e-2", 500);
        await site.OrderAsync("anna_2", "e-3", 500);
        await site.OrderAsync("bob", "e-4");
        await site.OrderAsync("李雷", "e-5");
        await FlushAsync(site);

        Assert.Equal(["Ann@shop.example", "anna%", "anna_2"], await NamesAsync(site, "q=ANN"));
        Assert.Equal(["anna%"], await NamesAsync(site, "q=anna%25"));
        Assert.Equal(["李雷"], await NamesAsync(site, "q=李"));
        Assert.Empty(await NamesAsync(site, "q=shop"));
        Assert.Equal(["Ann@shop.example", "anna%", "anna_2", "bob", "李雷"], await NamesAsync(site, ""));
        // Points mature after fourteen days: no entry says so yet, and the list does.
        await site.AdvanceAsync(TimeSpan.FromDays(15));
        var line = (await site.GetAsync("/v1/customers?q=bob")).Json.GetProperty("customers")[0];
        var status = await site.GetAsync("/v1/customers/bob/status");
        foreach (var name in new[] { "available", "pending", "held", "stage", "next_change_at" })
            Assert.Equal(status.Json.GetProperty(name).GetRawText(), line.GetProperty(name).GetRawText());
        Assert.Equal((129, 1, 12_900), (
            line.GetProperty("available").GetInt64(), line.GetProperty("orders").GetInt64(),
            line.GetProperty("spend_minor").GetInt64()));
    }

    [Theory]
    [InlineData("sort=id")]
    [InlineData("sort=-last_order")]
    [InlineData("sort=last_order&q=c")]
    [InlineData("sort=-spend")]
    [InlineData("sort=-spend&q=c-")]
    [InlineData("sort=orders")]
    [InlineData("sort=-available&min_available=3")]
    [InlineData("stage=New&q=C-1")]
    public async Task Pages_go_on_where_they_ended_and_show_everybody_once(string query)
    {
        await using var site = await Site.StartAsync();
        for (var i = 0; i < 40; i++)
        {
            if (i % 7 == 0) await site.PostAsync("/v1/events", Sent.Visit($"c-{i}", "v"));
            else await site.OrderAsync($"c-{i}", $"e-{i}", 500 + i % 4 * 100);
            if (i % 2 == 0) await AdjustAsync(site, $"c-{i}", i % 5 + 1);
        }

        await FlushAsync(site);
        var whole = (await site.GetAsync($"/v1/customers?{query}&limit=200")).Json.GetProperty("customers")
            .EnumerateArray().Select(c => c.GetProperty("customer").GetString()!).ToList();
        var paged = new List<string>();
        var cursor = "";
        var pages = 0;
        while (true)
        {
            var page = await site.GetAsync($"/v1/customers?{query}&limit=3{cursor}");
            paged.AddRange(page.Json.GetProperty("customers").EnumerateArray()
                .Select(c => c.GetProperty("customer").GetString()!));
            if (page.Text("next_cursor") is not { } next) break;
            cursor = $"&cursor={next}";
            // Somebody new comes with every page: nobody who was there before moves.
            await site.PostAsync("/v1/events", Sent.Visit($"a-{pages++}", "v"));
            await FlushAsync(site);
        }

        Assert.True(whole.Count > 4);
        Assert.Equal(whole, paged.Where(name => name[0] == 'c'));
    }

    [Fact]
    public async Task Orders_are_by_what_they_say()
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync("a", "e-1", 900);
        await site.OrderAsync("b", "e-2", 700);
        await site.OrderAsync("b", "e-3", 700);
        await site.PostAsync("/v1/events", Sent.Visit("c", "v"));
        await AdjustAsync(site, "c", 5);
        await FlushAsync(site);

        Assert.Equal(["b", "a", "c"], await NamesAsync(site, "sort=-spend"));
        Assert.Equal(["c", "a", "b"], await NamesAsync(site, "sort=orders"));
        Assert.Equal("c", (await NamesAsync(site, "sort=last_order"))[0]);
        Assert.Equal("c", (await NamesAsync(site, "sort=-last_order"))[^1]);
        Assert.Equal(["c"], await NamesAsync(site, "min_available=5"));
        Assert.Equal(["c"], await NamesAsync(site, "stage=Prospect"));
        Assert.Equal(["c"], await NamesAsync(site, "stage=Prospect&sort=-available"));
        Assert.Equal(["a", "b"], await NamesAsync(site, "stage=New"));
    }

    [Theory]
    [InlineData("tier=Gold", "tier", "knows q, stage")]
    [InlineData("stge=New", "stge", "did you mean stage?")]
    [InlineData("stage=new", "stage", "did you mean New?")]
    [InlineData("sort=name", "sort", "-last_order")]
    [InlineData("limit=201", "limit", "200")]
    [InlineData("min_available=many", "min_available", "whole number")]
    [InlineData("cursor=MToxMTow", "cursor", "next_cursor")]
    [InlineData("q=", "q", "1 to 128")]
    public async Task What_is_wrong_or_unknown_is_refused_by_name(string query, string name, string hint)
    {
        await using var site = await Site.StartAsync();
        var answer = await site.GetAsync($"/v1/customers?{query}");

        Assert.Equal((400, "invalid_parameter"), (answer.Status, answer.Problem));
        Assert.Contains(
            hint, answer.Json.GetProperty("errors").GetProperty(name).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_list()
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync("a", "e-1");
        await site.OrderAsync("b", "e-2");
        await FlushAsync(site);
        var cursor = (await site.GetAsync("/v1/customers?limit=1")).Text("next_cursor");

        Assert.Equal(200, (await site.GetAsync($"/v1/customers?limit=9&cursor={cursor}")).Status);
        Assert.Equal(400, (await site.GetAsync($"/v1/customers?sort=-spend&cursor={cursor}")).Status);
        Assert.Equal(400, (await site.GetAsync($"/v1/customers?q=a&cursor={cursor}")).Status);
    }

    private static async Task<List<string>> NamesAsync(Site site, string query)
    {
        var answer = await site.GetAsync($"/v1/customers?{query}");
        Assert.Equal(200, answer.Status);
        return [.. answer.Json.GetProperty("customers").EnumerateArray().Select(c => c.GetProperty("customer").GetString()!)];
    }

    private static Task<Answer> AdjustAsync(Site site, string customer, long points) => site.PostAsync(
        $"/v1/customers/{customer}/points/adjust", JsonSerializer.Serialize(new { points, reason = "goodwill" }));

    private static Task FlushAsync(Site site) =>
        site.Services.GetRequiredService<LifecycleEngine>().Projector.FlushAsync(Cancel);
}
