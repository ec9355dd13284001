using Lifecycle.Crash.Cluster;
using Lifecycle.Postgres.Private;

namespace Lifecycle.Cluster.Tests;

/// <summary>A short run over two processes; the long ones are <c>./lifecycle crash --store cluster</c>.</summary>
public sealed class CrashRunTests
{
    /// <summary>The program that the build put beside the tests.</summary>
    private static string Program => Path.Combine(AppContext.BaseDirectory, "Lifecycle.Cluster.dll");

    [Fact]
    public async Task A_kill_and_a_stop_past_the_lease_lose_and_double_nothing()
    {
        Assert.SkipWhen(
            PostgresBinaries.Find() is null, "No PostgreSQL is installed here: initdb and postgres were not found.");
        var said = new List<string>();
        var figures = await new ClusterRun(
            new()
            {
                // Beside other tests, which take what it measures.
                PauseLeasesMax = 5,
                Store = "cluster", Silos = 2, Kills = 1, Stops = 1, Lease = TimeSpan.FromSeconds(3), Writers = 2,
                Readers = 2, Probes = 6, CalmMax = TimeSpan.FromMilliseconds(100), IsVerified = false,
            },
            Program, said.Add).RunAsync(TestContext.Current.CancellationToken);

        Assert.True(figures.FaultCount == 0, string.Join('\n', [.. figures.Faults, .. said]));
        Assert.Equal(2, figures.Acts.Values.Sum(pauses => pauses.Count));
        // A run in which nothing happens would prove nothing.
        Assert.True(figures.Acknowledged > 100, $"{figures.Acknowledged} inputs were acknowledged.");
        Assert.True(figures.Reads > 50, $"{figures.Reads} reads were answered.");
        Assert.True(figures.Entries >= figures.Acknowledged, "The journal has less than was acknowledged.");
    }
}
