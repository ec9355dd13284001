using System.Diagnostics;
using Lifecycle.Domain.Customers;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Benchmarks;

/// <summary>
/// Entries folded per second on one core, from stored bytes: decoded only, and with the hash chain proven.
/// </summary>
internal static class FoldBenchmark
{
    private const int Runs = 7;

    public static async Task RunAsync(string folder)
    {
        var customers = await StoredCustomers.ReadAsync(folder);
        var entries = customers.Sum(rows => rows.Length);
        var bytes = customers.Sum(rows => rows.Sum(row => (long)row.Body.Length));
        Console.WriteLine($"{entries:N0} entries of {customers.Count:N0} customers, {bytes / (double)entries:N0} bytes each");
        var plain = new List<double>();
        var proven = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            plain.Add(Time(customers, Fold) / entries);
            proven.Add(Time(customers, Follow) / entries);
        }

        Print("decode and fold", plain);
        Print("decode, fold and prove the chain", proven);
    }

    private static double Time(List<JournalRow[]> customers, Func<JournalRow[], long> fold)
    {
        var start = Stopwatch.GetTimestamp();
        var checksum = 0L;
        foreach (var rows in customers) checksum += fold(rows);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return checksum == 0 ? throw new InvalidOperationException("Nothing was folded.") : seconds;
    }

    private static long Fold(JournalRow[] rows)
    {
        var state = CustomerState.Empty;
        foreach (var row in rows) state = Evolver.Evolve(state, EntryCodec.DecodeFold(row).Fold);
        return state.Seq;
    }

    private static long Follow(JournalRow[] rows)
    {
        var head = Head.Empty;
        foreach (var row in rows) head = Chain.Follow(head, row);
        return head.Seq;
    }

    private static void Print(string what, List<double> secondsPerEntry)
    {
        var (median, low, high) = StoredCustomers.Spread(secondsPerEntry);
        Console.WriteLine(
            $"{what}: {1 / median:N0} entries/s ({1 / high:N0} to {1 / low:N0}), {median * 1e6:0.00} µs each, {Runs} runs");
    }
}
