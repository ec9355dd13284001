using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Balancer.Tests;

/// <summary>One address in front of several processes, over real connections.</summary>
public sealed class BalancerTests
{
    private static readonly Uri Events = new("/v1/events", UriKind.Relative);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Processes_take_turns()
    {
        await using var one = await TestProcess.StartAsync();
        await using var two = await TestProcess.StartAsync();
        await using var balancer = await TestBalancer.StartAsync($"{one.Address};{two.Address}");
        await balancer.AwaitReadyAsync(2);

        for (var n = 0; n < 20; n++) Assert.Equal("taken", await balancer.Http.GetStringAsync(Events, Cancel));

        Assert.Equal((10, 10), (one.Requests, two.Requests));
    }

    [Fact]
    public async Task One_that_is_not_ready_gets_nothing_until_it_is()
    {
        await using var one = await TestProcess.StartAsync();
        await using var two = await TestProcess.StartAsync();
        await using var balancer = await TestBalancer.StartAsync($"{one.Address};{two.Address}");
        two.IsReady = false;
        await balancer.AwaitReadyAsync(1);

        for (var n = 0; n < 10; n++) await balancer.Http.GetStringAsync(Events, Cancel);
        Assert.Equal((10, 0), (one.Requests, two.Requests));

        two.IsReady = true;
        await balancer.AwaitReadyAsync(2);
        for (var n = 0; n < 10; n++) await balancer.Http.GetStringAsync(Events, Cancel);
        Assert.Equal((15, 5), (one.Requests, two.Requests));
    }

    [Fact]
    public async Task Where_all_are_not_ready_they_are_asked_all_the_same()
    {
        await using var one = await TestProcess.StartAsync();
        one.IsReady = false;
        await using var balancer = await TestBalancer.StartAsync(one.Address);
        await balancer.AwaitReadyAsync(0);

        Assert.Equal("taken", await balancer.Http.GetStringAsync(Events, Cancel));
    }

    [Fact]
    public async Task A_request_whose_process_is_gone_goes_to_another_with_its_body()
    {
        var bodies = new List<string>();
        await using var one = await TestProcess.StartAsync(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync(Cancel);
            lock (bodies) bodies.Add(body);
        });
        var two = await TestProcess.StartAsync();
        // Nobody has asked since it went: its death is found by the request itself.
        await using var balancer = await TestBalancer.StartAsync($"{two.Address};{one.Address}", "00:01:00");
        await balancer.AwaitReadyAsync(2);
        await two.DisposeAsync();

        for (var n = 0; n < 4; n++)
        {
            using var body = new StringContent($"order {n}", Encoding.UTF8);
            using var answer = await balancer.Http.PostAsync(Events, body, Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(["order 0", "order 1", "order 2", "order 3"], bodies);
    }

    [Fact]
    public async Task A_request_that_a_process_may_have_taken_is_not_sent_again()
    {
        static Task Break(HttpContext http)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        await using var one = await TestProcess.StartAsync(Break);
        await using var two = await TestProcess.StartAsync(Break);
        await using var balancer = await TestBalancer.StartAsync($"{one.Address};{two.Address}");
        await balancer.AwaitReadyAsync(2);

        using var body = new StringContent("order", Encoding.UTF8);
        using var answer = await balancer.Http.PostAsync(Events, body, Cancel);

        Assert.Equal(1, one.Requests + two.Requests);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.Contains(
            "/problems/unavailable", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_takes_no_connection_is_passed_over()
    {
        // With its one place taken, the kernel lets no other connection in.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(deaf.LocalEndPoint!, Cancel);
        await using var one = await TestProcess.StartAsync();
        await using var balancer = await TestBalancer.StartAsync(
            $"http://{deaf.LocalEndPoint};{one.Address}", "00:01:00");

        for (var n = 0; n < 3; n++) Assert.Equal("taken", await balancer.Http.GetStringAsync(Events, Cancel));
    }

    [Fact]
    public async Task Without_any_process_it_says_so()
    {
        var gone = await TestProcess.StartAsync();
        var address = gone.Address;
        await gone.DisposeAsync();
        await using var balancer = await TestBalancer.StartAsync(address);

        using var answer = await balancer.Http.GetAsync(Events, Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("No process", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_passed_on_line_by_line()
    {
        var goOn = new TaskCompletionSource();
        await using var one = await TestProcess.StartAsync(async http =>
        {
            await http.Response.WriteAsync("first\n", Cancel);
            await http.Response.Body.FlushAsync(Cancel);
            await goOn.Task.WaitAsync(Cancel);
            await http.Response.WriteAsync("second\n", Cancel);
        });
        await using var balancer = await TestBalancer.StartAsync(one.Address);

        using var reader = new StreamReader(await balancer.Http.GetStreamAsync(Events, Cancel));
        Assert.Equal("first", await reader.ReadLineAsync(Cancel));
        goOn.SetResult();
        Assert.Equal("second", await reader.ReadLineAsync(Cancel));
    }

    [Fact]
    public async Task The_process_sees_the_address_that_the_client_used()
    {
        await using var one = await TestProcess.StartAsync(http => http.Response.WriteAsync(http.Request.Host.Value!));
        await using var balancer = await TestBalancer.StartAsync(one.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, Events);
        request.Headers.Host = "points.example";

        using var answer = await balancer.Http.SendAsync(request, Cancel);

        Assert.Equal("points.example", await answer.Content.ReadAsStringAsync(Cancel));
    }
}
