using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks;

/// <summary>What every row is measured with.</summary>
/// <param name="Folder">On the data disk, deleted at the end.</param>
/// <param name="Worker">The process of the load.</param>
/// <param name="Conditions">Where those that are known later are added.</param>
internal sealed record Setting(BenchOptions Options, string Folder, WorkerProcess Worker, Conditions Conditions);
