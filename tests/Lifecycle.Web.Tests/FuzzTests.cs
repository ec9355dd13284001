using System.Text;
using Lifecycle.Engine;
using Lifecycle.Fuzz;
using Lifecycle.Web.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

/// <summary>What tests/Lifecycle.Fuzz finds, and what it takes for a fault.</summary>
public sealed class FuzzTests
{
    /// <summary>A customer that requests name and the preparation does not.</summary>
    private const string Unprepared = "c-24";

    private static readonly FuzzRequest Asked = new(1, "", "GET", "/v1/programs", [], []);

    [Fact]
    public async Task Malformed_HTTP_over_a_socket_is_answered_below_500_or_closed() =>
        Assert.Empty(await SocketRun.RunAsync(seed: 1, requests: 150));

    [Fact]
    public async Task A_fault_is_found_and_its_file_shows_it_again()
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-fuzz-test-").FullName;
        var options = new FuzzOptions
        {
            Requests = 400, Operation = "getCustomerStatus", Parallel = 1, Folder = folder, FailuresMax = 1,
            Services = services =>
            {
                var real = services.Last(s => s.ServiceType == typeof(ICustomers)).ImplementationFactory!;
                services.AddSingleton<ICustomers>(
                    p => new FailingCustomers((ICustomers)real(p), Unprepared, new InvalidOperationException("on purpose")));
            },
        };

        var faulty = await new FuzzRun(options, _ => { }).RunAsync();
        var failure = Assert.Single(faulty.Failures);
        var again = await new FuzzRun(options, _ => { }).ReplayAsync(Directory.GetFiles(folder).Single());

        Assert.Contains("seed 1, index ", failure, StringComparison.Ordinal);
        Assert.Contains(Unprepared, failure, StringComparison.Ordinal);
        Assert.NotEmpty(again.Failures);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(500, "application/problem+json", "{}")]
    [InlineData(404, "application/json", "{}")]
    [InlineData(404, "application/problem+json", """{"type":"/problems/not_found","title":"t","status":400,"detail":"d"}""")]
    [InlineData(404, "application/problem+json", """{"type":"/problems/not_found","title":"t","status":404}""")]
    [InlineData(200, "application/json", "{\"a\":")]
    [InlineData(200, "application/x-ndjson", "{}\n{\n")]
    [InlineData(304, "application/json", "{}")]
    public void An_answer_that_is_not_as_it_should_be_is_a_fault(int status, string mediaType, string body)
    {
        var answer = new FuzzAnswer(
            status, new HeaderDictionary { ["Content-Type"] = mediaType }, Encoding.UTF8.GetBytes(body));

        Assert.NotNull(AnswerJudge.Fault(Asked, answer));
    }

    [Fact]
    public void A_proper_answer_is_none() => Assert.Null(
        AnswerJudge.Fault(Asked, new(200, new HeaderDictionary { ["Content-Type"] = "application/json" }, "{}"u8.ToArray())));
}
