using Lifecycle.Simulation;
using Lifecycle.Simulation.Running;

var (first, count) = (int.Parse(args[0], null), int.Parse(args[1], null));
var counts = new Counts();
var clock = System.Diagnostics.Stopwatch.StartNew();
var failed = 0;
for (var seed = first; seed < first + count; seed++)
{
    var played = Simulator.Play(seed);
    counts.Add(played.Counts);
    if (played.Violation is null) continue;
    Console.WriteLine($"seed {seed}: {played.Violation}");
    if (++failed == 10) break;
}

foreach (var group in new[] { counts.Operations, counts.Faults, counts.Effects, counts.Refusals })
    Console.WriteLine(string.Join(", ", group.Select(pair => $"{pair.Key} {pair.Value}")));
Console.WriteLine($"{counts.OperationsInAll} operations, {counts.Entries} entries, {clock.Elapsed.TotalSeconds:0.0} s");
return failed;
