using Lifecycle.Engine.Sqlite;
using Lifecycle.Overload.Judging;
using Lifecycle.Overload.Load;
using Lifecycle.Overload.Site;
using Lifecycle.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Overload.Scenarios;

/// <summary>The real server is told to stop while requests come.</summary>
internal static class DrainScenario
{
    public const string Name = "drain";

    private const double PerSecond = 300;
    private const double SecondsBefore = 3;
    private const double SecondsAfter = 2;
    private static readonly string[] KeyRoles = ["ingest", "member"];

    /// <summary>Between the end of the drain and the end of the process, besides what a busy machine takes.</summary>
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(5);

    /// <param name="drain">The setting of the server; null for the one it is shipped with.</param>
    public static async Task RunAsync(OverloadOptions options, TimeSpan? drain, Verdict verdict)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, Name)).FullName;
        var data = Path.Combine(folder, "data");
        string[] settings = drain is { } set ? [$"--Lifecycle:Web:DrainTime={set:c}"] : [];
        var drains = drain ?? TimeSpan.FromSeconds(5);
        await using var load = new LoadProcess();
        LoadPlan plan;
        await using (var server = await StartAsync(data, settings))
        {
            var key = await server.MakeKeyAsync("load", KeyRoles);
            plan = new LoadPlan(
                server.Address, key, "drain", [SecondsBefore + drains.TotalSeconds + SecondsAfter],
                [new("writes", RequestKind.Event, 0, 500, [PerSecond])], options.Seed, folder);
            // Everything is compiled, and the process of the load runs.
            await load.RunAsync(plan with { Prefix = "first", PhaseSeconds = [2] });
            await using var readiness = new ReadinessWatch(server.Address);
            var sending = load.RunAsync(plan);
            await Task.Delay(TimeSpan.FromSeconds(SecondsBefore));
            // A body may stand still for five seconds.
            using var held = await HeldRequest.SendAsync(server.Address, key);
            var told = readiness.Now;
            await server.AskToEndAsync();
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(drains.TotalSeconds / 2, 1)));
            var answer = await held.EndAsync();
            var code = await server.ExitAsync();
            var ended = readiness.Now - told;
            var result = (await sending)["writes"];
            await Task.Delay(TimeSpan.FromMilliseconds(200));

            var endMax = drains + EndMax + options.Slack;
            verdict.Judge(
                code == 0 && ended <= endMax,
                $"exit code {code}, {ended.TotalSeconds:F1} s after SIGTERM: DrainTime is "
                + $"{drains.TotalSeconds:F0} s, at most {endMax.TotalSeconds:F0}");
            verdict.Judge(
                readiness.NotReady is { } not && readiness.Gone is { } gone && not < gone && readiness.Ready < not,
                $"not ready after {Since(readiness.NotReady, told)}, nobody listens after "
                + $"{Since(readiness.Gone, told)}");
            verdict.Judge(
                answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal),
                $"a request whose body ended after SIGTERM: {answer.Split('\r')[0]}");
            JudgeAnswers(result, SecondsBefore + drains.TotalSeconds, verdict);
            verdict.Judge(!server.Output.Contains("fail:", StringComparison.Ordinal), $"nothing is logged as an error");
        }

        await using (var again = await StartAsync(data, settings))
        {
            using var http = new HttpClient();
            using var ready = await http.GetAsync(new Uri(again.Address, "/health/ready"));
            verdict.Judge(ready.IsSuccessStatusCode, $"started again it is ready ({(int)ready.StatusCode})");
            await again.TerminateAsync();
        }

        await using var store = await SqliteStore.OpenAsync(
            new SqliteOptions { Folder = data }, TimeProvider.System, NullLogger.Instance);
        (await JournalCheck.ReadAsync(store.Journal)).Judge(plan, verdict);
    }

    private static Task<LaunchedServer> StartAsync(string folder, string[] settings) =>
        new LaunchedServer(
            ["dotnet", LaunchedServer.Program], [$"--Lifecycle:Folder={folder}", .. settings],
            new Dictionary<string, string> { [LaunchedServer.Stage] = "Production" }).StartAsync();

    private static void JudgeAnswers(StreamResult writes, double listens, Verdict verdict)
    {
        var all = writes.Phases[0];
        // The load began a little before its first second did here, and what is due last meets the end.
        var whole = writes.Seconds.Take((int)listens - 1).ToList();
        verdict.Judge(
            whole.TrueForAll(second => second.NotAccepted == 0),
            $"{whole.Sum(second => second.Accepted):N0} requests until the drain was over are all taken "
            + $"({whole.Sum(s => s.NotAccepted)} are not)");
        var known = all.Accepted + all.Of(Outcome.NotConnected) + all.Of(Outcome.CutNew);
        verdict.Judge(
            all.Of(Outcome.Cut) == 0 && all.Of(Outcome.CutNew) <= PerSecond / 10 && known == all.Due,
            $"each request has its answer or met nobody: {all} (CutNew: on a connection that nobody had accepted yet)");
    }

    private static string Since(TimeSpan? at, TimeSpan start) => at is { } known
        ? FormattableString.Invariant($"{(known - start).TotalSeconds:F1} s")
        : "(never)";
}
