using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Server.Tests;

/// <summary>What processes ask of the kernel, in the order of one clock, as strace saw it.</summary>
internal sealed partial class SystemCalls : IAsyncDisposable
{
    private const string Traced =
        "trace=read,recvfrom,recvmsg,write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync";

    private readonly Process _strace;
    private readonly string _file;

    private SystemCalls(Process strace, string file) => (_strace, _file) = (strace, file);

    /// <summary>A call that succeeded.</summary>
    /// <param name="EndedAt">Seconds of the machine's clock when it returned.</param>
    /// <param name="Arguments">With the file behind each descriptor, and the first bytes of what went through.</param>
    public sealed record Call(int Thread, double EndedAt, string Name, string Arguments)
    {
        public bool IsSync => Name is "fsync" or "fdatasync";

        public bool IsWrite => Name is "write" or "writev" or "pwrite64" or "pwritev";

        public bool IsSend => Name is "sendto" or "sendmsg" or "write" or "writev";
    }

    /// <summary>Attaches to running processes and all their threads; skips the test where that cannot be done.</summary>
    public static async Task<SystemCalls> TraceAsync(IEnumerable<int> processes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "System calls are watched with strace, on Linux.");
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(p => File.Exists(Path.Combine(p, "strace"))),
            "strace is not installed.");
        var file = Path.GetTempFileName();
        var targets = processes.ToArray();
        List<string> arguments = ["-f", "-ttt", "-T", "-y", "-s", "600", "-e", Traced, "-o", file];
        foreach (var process in targets) arguments.AddRange(["-p", process.ToString(CultureInfo.InvariantCulture)]);
        var strace = Process.Start(new ProcessStartInfo("strace", arguments) { RedirectStandardError = true })!;
        for (var attached = 0; attached < targets.Length;)
        {
            var line = await strace.StandardError.ReadLineAsync();
            Assert.SkipWhen(
                line is null || line.Contains("not permitted", StringComparison.Ordinal),
                "strace may not watch other processes here.");
            if (line!.Contains(" attached", StringComparison.Ordinal)) attached++;
        }

        return new(strace, file);
    }

    /// <summary>Detaches; answers the calls that succeeded, in the order in which they ended.</summary>
    public async Task<IReadOnlyList<Call>> EndAsync()
    {
        await Signals.InterruptAsync(_strace.Id);
        await _strace.StandardError.ReadToEndAsync();
        await _strace.WaitForExitAsync();
        return Parse(await File.ReadAllLinesAsync(_file));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited) await EndAsync();
        _strace.Dispose();
        File.Delete(_file);
    }

    internal static IReadOnlyList<Call> Parse(IEnumerable<string> lines)
    {
        var begun = new Dictionary<int, string>();
        var calls = new List<Call>();
        foreach (var line in lines)
        {
            if (Line().Match(line) is not { Success: true } match) continue;
            var thread = int.Parse(match.Groups["thread"].ValueSpan, CultureInfo.InvariantCulture);
            var at = double.Parse(match.Groups["at"].ValueSpan, CultureInfo.InvariantCulture);
            var text = match.Groups["text"].Value;
            if (text.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                begun[thread] = text[..^"<unfinished ...>".Length];
                continue;
            }

            // A call that another thread's line came between is in two parts; the second bears the time of its end.
            var whole = Resumed().Match(text) is { Success: true } resumed && begun.Remove(thread, out var first)
                ? first + text[resumed.Length..]
                : text;
            if (Finished().Match(whole) is not { Success: true } call) continue;
            var took = double.Parse(call.Groups["took"].ValueSpan, CultureInfo.InvariantCulture);
            var ended = whole == text ? at + took : at;
            calls.Add(new(thread, ended, call.Groups["name"].Value, call.Groups["arguments"].Value));
        }

        return [.. calls.OrderBy(call => call.EndedAt)];
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<at>\d+\.\d+)\s(?<text>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(?<name>\w+)\((?<arguments>.*)\)\s+=\s\d+.*<(?<took>\d+\.\d+)>$")]
    private static partial Regex Finished();
}
