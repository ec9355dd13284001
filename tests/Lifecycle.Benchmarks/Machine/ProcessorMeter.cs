using System.Globalization;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>
/// Processor time of processes that somebody else started, from /proc: user and system time of each with all of its
/// threads, of a database server with all of its backends.
/// </summary>
/// <param name="database">The first process of a database server; null for none.</param>
internal sealed class ProcessorMeter(int? server, int? database)
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double SecondsPerTick = 0.01;

    public static bool IsAvailable { get; } = File.Exists("/proc/self/stat");

    /// <summary>Seconds up to now; null where /proc is missing.</summary>
    public ProcessorSeconds? Read() => !IsAvailable
        ? null
        : new(
            server is { } one ? Own(one) : 0,
            database is { } postmaster ? WithChildren(postmaster) : 0);

    /// <summary>Microseconds for each unit of a load since an earlier reading.</summary>
    public ProcessorCost? Since(ProcessorSeconds? before, LoadResult load)
    {
        if (before is null || Read() is not { } after || load.Units <= 0) return null;
        return new(
            (after.Server - before.Server) / load.Units * 1e6, (after.Database - before.Database) / load.Units * 1e6,
            load.ProcessorSeconds / load.Units * 1e6);
    }

    /// <summary>The process that started another; null where that cannot be known.</summary>
    public static int? ParentOf(int process) => Stat(process)?.Parent;

    private static double Own(int process) => Stat(process) is { } stat ? stat.Own * SecondsPerTick : 0;

    /// <summary>A child that ended is in its parent's books from then on, so the sum never falls.</summary>
    private static double WithChildren(int parent)
    {
        var total = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process)) continue;
            if (Stat(process) is not { } stat) continue;
            if (process == parent) total += stat.Own + stat.EndedChildren;
            else if (stat.Parent == parent) total += stat.Own;
        }

        return total * SecondsPerTick;
    }

    /// <summary>Null for a process that is no more.</summary>
    private static (int Parent, long Own, long EndedChildren)? Stat(int process)
    {
        string text;
        try
        {
            text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // The name, in parentheses, may hold spaces; everything behind it is numbers: state, parent, …
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return ((int)At(1), At(11) + At(12), At(13) + At(14));

        long At(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
    }
}

/// <summary>Processor time by process.</summary>
internal sealed record ProcessorSeconds(double Server, double Database);
