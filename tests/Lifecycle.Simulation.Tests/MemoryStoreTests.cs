using Lifecycle.Compliance;
using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Tests;

/// <summary>The store that is simulated follows the rules of every store.</summary>
public sealed class MemoryStoreTests : StoreCompliance
{
    private readonly MemoryDisk _disk = new(Histories.Hash("epoch"));

    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new MemoryStore(_disk, Weather.Calm));

    protected override Task DeleteAsync() => Task.CompletedTask;
}
