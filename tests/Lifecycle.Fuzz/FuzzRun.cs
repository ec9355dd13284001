using System.Collections.Concurrent;
using System.Diagnostics;

namespace Lifecycle.Fuzz;

/// <summary>
/// Sends requests from seed and index to one site after another, judges every answer, and looks what stays in use.
/// </summary>
public sealed class FuzzRun(FuzzOptions options, Action<string> say)
{
    private const int Remembered = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, OperationFigures> _figures = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentDictionary<string, int> _kinds = new();
    private readonly ConcurrentQueue<FuzzRequest> _recent = new();
    private readonly List<GrowthSample> _growth = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _done;
    private long _said;

    private bool IsOver => _failures.Count >= options.FailuresMax || _clock.Elapsed > options.Longest;

    public async Task<FuzzResult> RunAsync()
    {
        EventHandler<UnobservedTaskExceptionEventArgs> unobserved = (_, e) => _failures.Enqueue($"Nobody saw {e.Exception}");
        TaskScheduler.UnobservedTaskException += unobserved;
        try
        {
            for (var from = 0L; from < options.Requests && !IsOver; from += options.RequestsPerSite)
                await RunSiteAsync(from, Math.Min(options.Requests, from + options.RequestsPerSite));
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= unobserved;
        }

        JudgeGrowth();
        return new(
            _done, _clock.Elapsed.TotalSeconds, [.. _failures],
            [.. _figures.Values.OrderBy(f => f.Name, StringComparer.Ordinal)], _growth);
    }

    /// <summary>Sends the requests of a file, one after the other.</summary>
    public async Task<FuzzResult> ReplayAsync(string path)
    {
        await using var site = await FuzzSite.StartAsync(services: options.Services);
        await site.PrepareAsync();
        foreach (var request in FuzzFile.Read(path)) await SendAsync(site, request);
        return new(_done, _clock.Elapsed.TotalSeconds, [.. _failures], [.. _figures.Values], []);
    }

    private async Task RunSiteAsync(long from, long to)
    {
        await using (var site = await FuzzSite.StartAsync(services: options.Services))
        {
            var maker = new RequestMaker(await site.ReadDocumentAsync(), options.Seed, options.Operation);
            await site.PrepareAsync();
            var half = from + (to - from) / 2;
            await SendAsync(site, maker, from, half);
            Sample(site, ended: false);
            await SendAsync(site, maker, half, to);
            Sample(site, ended: false);
        }

        Sample(null, ended: true);
        _recent.Clear();
    }

    private async Task SendAsync(FuzzSite site, RequestMaker maker, long from, long to)
    {
        var next = from - 1;
        async Task WorkAsync()
        {
            for (long i; (i = Interlocked.Increment(ref next)) < to && !IsOver;)
            {
                await SendAsync(site, maker.Make(i));
                SayProgress();
            }
        }

        await Task.WhenAll(Enumerable.Range(0, options.Parallel).Select(_ => Task.Run(WorkAsync)));
    }

    private async Task SendAsync(FuzzSite site, FuzzRequest request)
    {
        _recent.Enqueue(request);
        if (_recent.Count > Remembered) _recent.TryDequeue(out _);
        var started = Stopwatch.GetTimestamp();
        using var left = request.Leaves ? new CancellationTokenSource(Patience) : null;
        FuzzAnswer? answer = null;
        try
        {
            answer = await site.SendAsync(request, left?.Token ?? CancellationToken.None).WaitAsync(options.AnswerMax);
        }
        catch (TimeoutException)
        {
            Fail(request, $"no answer within {options.AnswerMax.TotalSeconds} seconds");
        }
        catch (Exception e)
        {
            Fail(request, $"an exception escaped: {e}");
        }

        var hasLeft = left?.IsCancellationRequested == true;
        var figures = _figures.GetOrAdd(request.Operation, name => new(name));
        figures.Add(hasLeft ? 0 : answer?.Status ?? -1, Stopwatch.GetElapsedTime(started));
        Interlocked.Increment(ref _done);
        if (answer is not null && !hasLeft && AnswerJudge.Fault(request, answer) is { } fault) Fail(request, fault);
        while (site.Faults.TryTake(out var logged)) Fail(request, $"logged: {logged}");
    }

    /// <summary>What was logged may come from a request beside this one.</summary>
    private bool IsNew(FuzzRequest request, string what)
    {
        const int KindMax = 400;
        const int EachMax = 2;
        var kind = what.StartsWith("logged: ", StringComparison.Ordinal) ? what : $"{request.Operation}: {what}";
        kind = string.Concat(kind.Where(c => !char.IsAsciiDigit(c)).Take(KindMax));
        return _kinds.AddOrUpdate(kind, 1, (_, count) => count + 1) <= EachMax;
    }

    private void SayProgress()
    {
        var said = Interlocked.Read(ref _said);
        var now = _clock.ElapsedMilliseconds;
        if (now - said < options.ProgressEvery.TotalMilliseconds) return;
        if (Interlocked.CompareExchange(ref _said, now, said) != said) return;
        var done = Interlocked.Read(ref _done);
        var left = TimeSpan.FromMilliseconds((double)now / done * (options.Requests - done));
        say($"{done} of {options.Requests} requests, {done * 1_000 / now} a second, {_failures.Count} failures, "
            + $"{(int)left.TotalMinutes}:{left.Seconds:D2} min left");
    }

    private void Fail(FuzzRequest request, string what)
    {
        // The same fault again would only end the run before others are found.
        if (_failures.Count >= options.FailuresMax || !IsNew(request, what)) return;
        var file = Path.Combine(options.Folder, $"lifecycle-fuzz-{options.Seed}-{request.Index}.jsonl");
        FuzzFile.Write(file, [.. _recent.Where(r => r.Index != request.Index), request]);
        var failure = $"seed {options.Seed}, index {request.Index}: {request.Method} {request.Target}: {what}\n"
            + $"  sent again with --replay {file}";
        _failures.Enqueue(failure);
        say(failure);
    }

    private void Sample(FuzzSite? site, bool ended)
    {
        var sample = GrowthSample.Take(_done, ended, site?.StoredBytes() ?? 0);
        _growth.Add(sample);
        say($"after {sample.Requests} requests{(ended ? ", site ended" : "")}: heap {sample.HeapBytes >> 10} KiB, "
            + $"{sample.Threads} threads, {sample.Handles} handles, stored {sample.StoredBytes >> 10} KiB");
    }

    /// <summary>
    /// Within a site: what half of its requests left must be most of what all of them leave. From site to site: nothing
    /// stays. The first site warms up, and the pool may keep some threads.
    /// </summary>
    private void JudgeGrowth()
    {
        foreach (var (half, whole) in _growth.Zip(_growth.Skip(1)).Where(p => !p.First.SiteEnded && !p.Second.SiteEnded))
        {
            if (whole.HeapBytes - half.HeapBytes > options.GrowthBytesMax)
                _failures.Enqueue($"the heap grew within a site: {half} and then {whole}");
        }

        var ends = _growth.Where(s => s.SiteEnded).ToList();
        if (ends.Count < 2) return;
        var (first, last) = (ends[0], ends[^1]);
        // Pools of the framework keep some megabytes for each thread: less than that is no leak.
        if (last.HeapBytes - first.HeapBytes > options.GrowthBytesMax)
            _failures.Enqueue($"the heap grew from site to site: {first} and then {last}");
        if (last.Handles > first.Handles + 20) _failures.Enqueue($"handles grew: {first} and then {last}");
        if (last.Threads > first.Threads + 40) _failures.Enqueue($"threads grew: {first} and then {last}");
    }
}
