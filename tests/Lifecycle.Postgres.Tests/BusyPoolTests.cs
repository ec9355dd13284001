using System.Diagnostics;
using Lifecycle.Postgres.Tests.Support;

namespace Lifecycle.Postgres.Tests;

/// <summary>Nothing runs beside it: it takes all threads of the pool.</summary>
[Collection(nameof(BusyPoolTests))]
[CollectionDefinition(nameof(BusyPoolTests), DisableParallelization = true)]
public sealed class BusyPoolTests(TestServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task The_list_of_programs_is_read_while_every_thread_of_the_pool_is_busy()
    {
        var store = await ShareAsync();
        await store.Registry.ReadActivationsAsync(Cancel);
        using var over = new ManualResetEventSlim();
        // Far more than the pool adds in a second.
        var busy = Enumerable.Range(0, 64).Select(_ => Task.Run(() => over.Wait(Cancel), Cancel)).ToArray();
        var longest = TimeSpan.Zero;

        var watch = new Thread(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                var start = Stopwatch.GetTimestamp();
                store.Registry.ReadActivationsAsync(Cancel).GetAwaiter().GetResult();
                var took = Stopwatch.GetElapsedTime(start);
                if (took > longest) longest = took;
            }
        });
        watch.Start();
        watch.Join();
        over.Set();
        await Task.WhenAll(busy);

        // What is read is certain for two seconds, and it is read every 400 ms.
        Assert.True(longest < TimeSpan.FromMilliseconds(500), $"It took {longest.TotalMilliseconds:F0} ms.");
    }
}
