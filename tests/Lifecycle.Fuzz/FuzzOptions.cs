using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Fuzz;

/// <summary>What a run does.</summary>
public sealed record FuzzOptions
{
    public long Requests { get; init; } = 200_000;

    public ulong Seed { get; init; } = 1;

    /// <summary>The run ends after this long, whatever was asked for.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.MaxValue;

    /// <summary>Only this operation: its <c>operationId</c>, or method and path.</summary>
    public string? Operation { get; init; }

    /// <summary>Requests under way at once.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>
    /// Requests after which the store begins anew: a long run does not fill a disk, nor does it read ever longer lists.
    /// </summary>
    public long RequestsPerSite { get; init; } = 25_000;

    /// <summary>How often the run says where it is.</summary>
    public TimeSpan ProgressEvery { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>No answer after this long is a hang.</summary>
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How much more memory may be in use than after the first site.</summary>
    public long GrowthBytesMax { get; init; } = 64 << 20;

    /// <summary>Failures after which the run gives up.</summary>
    public int FailuresMax { get; init; } = 10;

    /// <summary>Changes what the site is made of: how a test puts a fault in.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>Where the files of failures go.</summary>
    public string Folder { get; init; } = Path.GetTempPath();
}

/// <summary>What a run came to.</summary>
public sealed record FuzzResult(
    long Requests, double Seconds, IReadOnlyList<string> Failures, IReadOnlyList<OperationFigures> Operations,
    IReadOnlyList<GrowthSample> Growth);

/// <summary>What is in use; in a site's life and after its end.</summary>
public sealed record GrowthSample(long Requests, bool SiteEnded, long HeapBytes, int Threads, int Handles, long StoredBytes)
{
    public static GrowthSample Take(long requests, bool siteEnded, long storedBytes)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var handles = Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : process.HandleCount;
        return new(requests, siteEnded, GC.GetTotalMemory(forceFullCollection: true), process.Threads.Count, handles, storedBytes);
    }
}
