using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Running;

/// <summary>What a process is given in place of its store: itself, unless somebody plants a fault.</summary>
public class Planting
{
    public static readonly Planting None = new();

    public virtual MemoryDisk Disk(Hash16 epoch) => new(epoch);

    public virtual IStore Wrap(IStore store, MemoryDisk disk, Weather weather) => store;
}
