using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lifecycle.Crash.Judging;
using Lifecycle.Crash.Load;
using Lifecycle.Crash.Machine;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Crash.Disk;

/// <summary>
/// Disks that are full, read-only or broken, under load: what cannot be written is 503 and not ready, the log says what
/// to do, reading goes on, nothing acknowledged is lost, and with room it goes on by itself.
/// </summary>
public sealed class DiskRun(CrashOptions options, Action<string> say)
{
    private const int InputsBetween = 60;
    private const int ReadsMeanwhile = 30;
    private const int VisitsMax = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Faults _faults = new();
    private int _visits;

    /// <summary>What was looked at, and what was not and why.</summary>
    public IList<string> Steps { get; } = [];

    public IReadOnlyList<string> Faults => _faults.Shown;

    public async Task RunAsync(CancellationToken cancel)
    {
        using var folder = new RunFolder(options.Folder, $"lifecycle-disk-{options.Store}", _faults, say);
        using var disk = SmallDisk.TryMount(
            Path.Combine(folder.Path, IsPostgres ? "database" : "data"), IsPostgres ? 240 : 48, out var reason);
        if (disk is null) Note($"skipped: full and read-only disks: {reason}");
        using var log = new ServerLog(folder.LogPath);
        using var traffic = new TrafficOfRun(options.Seed, options.Customers, _faults);
        await using var site = new SiteOfRun(
            StoreOfRun.Of(options.Store, folder.Path), traffic, log, options.Lease);
        var step = new Step(site, traffic, log, new Comparison(traffic));
        try
        {
            await site.Store.StartAsync(cancel);
            await site.StartAsync(cancel);
            traffic.Start(options.Writers, options.Readers);
            await GoThroughAsync(step, disk, cancel);
            await traffic.EndAsync();
            await step.Comparison.RunAnewAsync(cancel);
            Note(
                $"{traffic.Ledger.Acknowledged} acknowledged, {traffic.Later} answers 503, "
                + $"{step.Comparison.Entries} entries");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _faults.Add($"The run broke off: {e.Message}");
            log.Write(e.ToString());
        }
    }

    private bool IsPostgres => options.Store == "postgres";

    private async Task GoThroughAsync(Step step, SmallDisk? disk, CancellationToken cancel)
    {
        if (disk is not null) await FillAsync(step, disk, cancel);
        if (disk is not null) await FillAndKillAsync(step, disk, cancel);
        if (!IsPostgres) await BreakAsync(step, cancel);
        if (disk is not null && !IsPostgres) await ReadOnlyAsync(step, disk, cancel);
    }

    private async Task FillAsync(Step step, SmallDisk disk, CancellationToken cancel)
    {
        await step.Traffic.FlowAsync(InputsBetween, Patience, cancel);
        disk.Fill();
        await UnwritableAsync(step, "full", Expected, cancel);
        await RoomAsync(step, disk, "full, then room", cancel);
    }

    private async Task FillAndKillAsync(Step step, SmallDisk disk, CancellationToken cancel)
    {
        disk.Fill();
        await UnwritableAsync(step, "full once more", Expected, cancel);
        await step.Site.KillServerAsync();
        var failure = await FailAsync(step, cancel);
        Note(failure is null ? "killed while full: the next one started all the same" : "killed while full: no start");
        if (failure is not null) Explains(failure, "pace");
        if (failure is null) await RoomAsync(step, disk, "killed while full, then room", cancel);
        else
        {
            disk.Free();
            await DatabaseAsync(step, cancel);
            await step.Site.StartAsync(cancel);
            await GoesOnAsync(step, "killed while full, then room", cancel);
        }
    }

    /// <summary>Nothing can be written to any file, as on a disk that the system has made read-only.</summary>
    private async Task BreakAsync(Step step, CancellationToken cancel)
    {
        if (LimitFiles(step, "0:unlimited") is { } reason)
        {
            Note($"skipped: a disk that takes no more writes: {reason}");
            return;
        }

        await UnwritableAsync(step, "takes no more writes", "disk failed", cancel);
        LimitFiles(step, "unlimited:unlimited");
        await GoesOnAsync(step, "takes writes again", cancel);
    }

    private async Task ReadOnlyAsync(Step step, SmallDisk disk, CancellationToken cancel)
    {
        await step.Site.KillServerAsync();
        disk.SetReadOnly(true);
        var failure = await FailAsync(step, cancel);
        if (failure is null) _faults.Add("A server started over a read-only folder.");
        else Explains(failure, "cannot be written");
        disk.SetReadOnly(false);
        await step.Site.StartAsync(cancel);
        await GoesOnAsync(step, "read-only at a start, then not", cancel);
    }

    private const string Expected = "Free space";

    /// <summary>Writers get 503, the process is not ready, the log says what to do, and readers are answered.</summary>
    private async Task UnwritableAsync(Step step, string what, string inLog, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        Answer? ready;
        do
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"A disk that is {what} leaves the server ready.");
            await Task.Delay(20, cancel);
            ready = await step.Site.ReadinessAsync(cancel);
        }
        while (ready is not { Status: 503 });
        if (!ready.Body.Contains("cannot be written", StringComparison.Ordinal))
            _faults.Add($"A disk that is {what}: readiness says {ready.Body}");
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        // The last page of a table may have room for one small event more, where the load's requests found none.
        var answer = await VisitAsync(step, cancel);
        for (var taken = 0; IsPostgres && answer is { Status: 200 } && taken < VisitsMax; taken++)
            answer = await VisitAsync(step, cancel);
        if (answer is not { Status: 503 } || !answer.Body.Contains("/problems/unavailable", StringComparison.Ordinal))
            _faults.Add($"A disk that is {what}: an event was answered {answer?.Status}: {answer?.Body}");
        if (!step.Log.Tail.Contains(inLog, StringComparison.Ordinal))
            _faults.Add($"A disk that is {what}: nowhere in the log is '{inLog}'.");
        var reader = step.Traffic.NewReader();
        for (var i = 0; i < ReadsMeanwhile; i++)
            if (await reader.ReadAsync(step.Site.Site, cancel) is var status and not (200 or 404))
                _faults.Add($"A disk that is {what}: a read was answered {status}.");
        Note($"{what}: not ready after {took} s, writers get 503, {ReadsMeanwhile} reads answered");
    }

    /// <summary>Sent once. Where no answer says that it was taken, that is for the journal to say.</summary>
    private async Task<Answer?> VisitAsync(Step step, CancellationToken cancel)
    {
        var id = $"visit-{(++_visits).ToString(CultureInfo.InvariantCulture)}";
        var input = new SentInput(new("d-1", InputMaker.Source, id), InputKind.Visit, 0);
        var write = WriteRequest.OfEvents([input], TimeProvider.System.GetUtcNow().UtcDateTime);
        step.Traffic.Ledger.Sending(input);
        using var request = new HttpRequestMessage(HttpMethod.Post, write.Path);
        request.Content = new StringContent(write.Body, Encoding.UTF8, "application/json");
        var answer = await Exchange.SendAsync(step.Site.Site, request, cancel);
        if (answer is { Status: 200 } && Answers.OfEvents(answer.Body) is [{ } taken])
            step.Traffic.Ledger.Take(input, taken.Told, taken.IsRepeated);
        return answer;
    }

    private async Task RoomAsync(Step step, SmallDisk disk, string what, CancellationToken cancel)
    {
        disk.Free();
        await DatabaseAsync(step, cancel);
        await GoesOnAsync(step, what, cancel);
    }

    /// <summary>A full disk may end the database server; its operator starts it again.</summary>
    private async Task DatabaseAsync(Step step, CancellationToken cancel)
    {
        if (step.Site.Store is not PostgresOfRun database || await database.IsUpAsync(cancel)) return;
        Note("the database server had ended, and is started again");
        await database.RestartDatabaseAsync(cancel);
    }

    private async Task GoesOnAsync(Step step, string what, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        await step.Site.ReadyAsync(cancel);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        await step.Traffic.FlowAsync(InputsBetween, Patience, cancel);
        await step.Comparison.RunAsync(cancel);
        Note($"{what}: ready after {took} s, goes on, nothing lost");
    }

    /// <summary>Starts a server that is to fail; null when it does not.</summary>
    private static async Task<StartFailedException?> FailAsync(Step step, CancellationToken cancel)
    {
        try
        {
            await step.Site.BeginAsync(cancel);
            return null;
        }
        catch (StartFailedException e)
        {
            return e;
        }
    }

    private void Explains(StartFailedException failure, string words)
    {
        var last = failure.Output.TrimEnd().Split('\n')[^1];
        if (failure.ExitCode != 1) _faults.Add($"A start that failed ended with {failure.ExitCode}.");
        if (!last.StartsWith("Lifecycle cannot run. ", StringComparison.Ordinal)
            || !last.Contains(words, StringComparison.Ordinal))
            _faults.Add($"A start that failed says at last: {last}");
        Note($"a start says: {last}");
    }

    private static string? LimitFiles(Step step, string limit)
    {
        var process = step.Site.Server.ProcessId.ToString(CultureInfo.InvariantCulture);
        var (code, output) = SmallDisk.Run("prlimit", "--pid", process, $"--fsize={limit}");
        return code == 0 ? null : $"prlimit failed: {output}";
    }

    private void Note(string step)
    {
        Steps.Add(step);
        say(step);
    }

    private sealed record Step(SiteOfRun Site, TrafficOfRun Traffic, ServerLog Log, Comparison Comparison);
}
