using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Growth;

/// <summary>Opens a store in the process of the load, without a server, and puts customers into it.</summary>
/// <param name="Name">What later jobs call it.</param>
/// <param name="ConnectionString">Of an empty database; null for SQLite in <paramref name="Folder"/>.</param>
internal sealed record GrowthOpenJob(string Name, string Folder, string? ConnectionString, int Customers) : Job
{
    public override async Task<LoadResult> RunAsync()
    {
        var clock = LoadClock.Start();
        GrownStore.All[Name] = await GrownStore.MakeAsync(Folder, ConnectionString, Customers);
        return clock.End(Customers);
    }
}

/// <summary>Appends batches of entries of existing customers, each of another one.</summary>
internal sealed record GrowthAppendJob(string Name, double Seconds) : Job
{
    public override Task<LoadResult> RunAsync() => GrownStore.All[Name].AppendAsync(Seconds);
}

/// <summary>Reads the last entry of one customer after the other.</summary>
internal sealed record GrowthReadJob(string Name, double Seconds) : Job
{
    public override Task<LoadResult> RunAsync() => GrownStore.All[Name].ReadAsync(Seconds);
}
