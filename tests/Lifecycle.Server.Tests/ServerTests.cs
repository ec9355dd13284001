using System.Text;

namespace Lifecycle.Server.Tests;

public sealed class ServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-server-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_is_there_after_an_operator_ends_the_server_and_starts_it_again()
    {
        const string Event = """{"id":"e","type":"order.placed","customer":"c","data":{"order_id":"o","amount_minor":12900}}""";
        await using (var server = await ServerProcess.StartAsync(_folder))
        {
            Assert.Equal(200, (int)(await server.Http.GetAsync("/health/ready", Cancel)).StatusCode);
            using var content = new StringContent(Event, Encoding.UTF8, "application/json");
            using var answer = await server.Http.PostAsync("/v1/events", content, Cancel);
            Assert.Contains("\"accepted\":1", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            Assert.True(await server.TerminateAsync() == 0, server.Output);
        }

        await using var again = await ServerProcess.StartAsync(_folder);
        var status = await again.Http.GetStringAsync("/v1/customers/c/status", Cancel);

        Assert.Contains("\"pending\":129", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_development_the_first_start_and_only_the_first_prints_an_admin_key()
    {
        await using (var server = await ServerProcess.StartAsync(_folder, "Production"))
        {
            var key = server.Output.Split("shown this once: ")[1].Split('\n')[0].Trim();
            Assert.Equal(401, (int)(await server.Http.GetAsync("/v1/admin/keys", Cancel)).StatusCode);
            server.Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
            Assert.Equal(200, (int)(await server.Http.GetAsync("/v1/admin/keys", Cancel)).StatusCode);
            await server.TerminateAsync();
        }

        await using var again = await ServerProcess.StartAsync(_folder, "Production");
        Assert.DoesNotContain("shown this once", again.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
