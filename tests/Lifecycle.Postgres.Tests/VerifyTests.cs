using System.Text.Json;
using Lifecycle.Cli;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary><c>lifecycle verify --postgres</c>: beside the process that has the store, and without any.</summary>
public sealed class VerifyTests(TestServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task A_store_is_verified_beside_the_process_that_has_it()
    {
        await using var engine = await LiveAsync();
        var whole = await RunAsync();
        Assert.Equal((0, ""), (whole.ExitCode, whole.Error));
        Assert.Equal(
            (6, 2, 0), (whole.Of("entries"), whole.Of("customers"), whole.Of("violations_found")));
        Assert.True((await engine.Store.ConfirmOwnershipAsync(Cancel)).Held);
    }

    [Theory]
    [InlineData("delete from event_keys where seq = 2", 2)]
    [InlineData("update event_keys set seq = 3 where seq = 2", 4)]
    [InlineData("insert into event_keys select gen_random_uuid(), customer, 1 from event_keys where seq = 1", 2)]
    public async Task An_event_key_that_leads_elsewhere_or_nowhere_is_named(string tampering, int violations)
    {
        await using (await LiveAsync())
        {
        }

        await SqlAsync(tampering);
        var run = await RunAsync();
        Assert.Equal((1, violations), (run.ExitCode, run.Of("violations_found")));
        Assert.All(
            run.Json.GetProperty("violations").EnumerateArray(),
            violation => Assert.Equal("event_key_index", violation.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task What_is_opened_to_be_read_writes_nothing()
    {
        await using (await OwnAsync())
        {
        }

        await using var reader = await PostgresStore.OpenReadOnlyAsync(Options(null, exclusive: true), Cancel);
        Assert.False((await reader.ConfirmOwnershipAsync(Cancel)).Held);
        await Assert.ThrowsAsync<StoreException>(() => reader.Journal.AppendAsync(Batch(Rows("ann", 1, 1)), Cancel));
        var none = await Assert.ThrowsAsync<StoreException>(() => PostgresStore.OpenReadOnlyAsync(
            new() { ConnectionString = Database, Schema = "elsewhere" }, Cancel));
        Assert.Contains("holds no store", none.Message, StringComparison.Ordinal);
        Assert.Equal(false, await SqlAsync("select to_regnamespace('elsewhere') is not null"));
    }

    /// <summary>Two customers of three visits each.</summary>
    private async Task<LifecycleEngine> LiveAsync()
    {
        var engine = await LifecycleEngine.OpenAsync(
            await TestServer.OpenAsync(Options(null, exclusive: true)),
            new InstallationSecret(new byte[InstallationSecret.Size]), new EngineSettings(), new EngineOptions(),
            TimeProvider.System, NullLoggerFactory.Instance, Cancel);
        await engine.StartAsync(Cancel);
        foreach (var customer in new[] { "ann", "bob" })
        {
            for (var i = 0; i < 3; i++)
            {
                var visit = new Input.Event(EventTypes.Visit, new EventData([], [], default))
                {
                    Source = "shop", Id = $"{customer}-{i}",
                    OccurredAt = Instant.From(new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)),
                };
                Assert.IsType<Outcome.Accepted>(
                    (await engine.Customers.ApplyAsync(customer, [new(visit)], Cancel))[0]);
            }
        }

        await engine.Projector.FlushAsync(Cancel);
        return engine;
    }

    private async Task<Run> RunAsync()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var surroundings = new Surroundings(
            output, error, false, TimeProvider.System, new Client.RetryPolicy(), _ => null);
        var exitCode = await CommandLine.RunAsync(["verify", "--postgres", Database, "--json"], surroundings, Cancel);
        return new(exitCode, JsonSerializer.Deserialize<JsonElement>(output.ToString()), error.ToString());
    }

    private sealed record Run(int ExitCode, JsonElement Json, string Error)
    {
        public int Of(string name) => Json.GetProperty(name).GetInt32();
    }
}
