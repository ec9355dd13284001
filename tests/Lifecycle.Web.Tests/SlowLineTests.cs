using System.Net.Sockets;
using System.Text;
using Lifecycle.Web.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

/// <summary>A body that does not arrive in time.</summary>
public sealed class SlowLineTests
{
    [Theory]
    [InlineData("/v1/events")]
    [InlineData("/v1/batch")]
    public async Task A_body_that_comes_too_slowly_is_503_so_that_clients_send_it_again(string route)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var site = await Site.StartAsync(services: services => services.Configure<KestrelServerOptions>(
            kestrel => kestrel.Limits.MinRequestBodyDataRate = new(1_000_000, TimeSpan.FromSeconds(1.1))));
        using var client = new TcpClient();
        await client.ConnectAsync(site.Http.BaseAddress!.Host, site.Http.BaseAddress.Port, cancel);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {route} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev\r\nContent-Length: 100\r\n\r\n["),
            cancel);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(cancel);

        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: ", answer, StringComparison.Ordinal);
    }
}
