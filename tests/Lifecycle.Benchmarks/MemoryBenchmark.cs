using Lifecycle.Engine.Actors;

namespace Lifecycle.Benchmarks;

/// <summary>Bytes of managed heap for each committed head that stays in memory.</summary>
internal static class MemoryBenchmark
{
    public static async Task RunAsync(string folder)
    {
        var customers = await StoredCustomers.ReadAsync(folder);
        var heads = new Head[customers.Count];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < heads.Length; i++)
            heads[i] = customers[i].Aggregate(Head.Empty, Chain.Follow);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(customers);
        GC.KeepAlive(heads);
        Console.WriteLine(
            $"{heads.Length:N0} customers, {customers.Average(rows => rows.Length):0.0} entries each: " +
            $"{(after - before) / (double)heads.Length:N0} bytes each");
    }
}
