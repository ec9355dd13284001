using Lifecycle.Postgres.Private;

namespace Lifecycle.Crash.Tests;

/// <summary>Short runs over the embedded store; the long ones are <c>./lifecycle crash</c>.</summary>
public sealed class SqliteCrashRunTests
{
    [Fact]
    public async Task Two_kills_and_a_stop_past_the_lease_lose_and_double_nothing() =>
        await ShortRun.RunAsync(new() { Store = "sqlite", Kills = 2, Stops = 1 });
}

/// <summary>The same over PostgreSQL, beside it.</summary>
public sealed class PostgresCrashRunTests
{
    [Fact]
    public async Task Kills_of_the_server_the_database_and_both_lose_and_double_nothing()
    {
        Assert.SkipWhen(
            PostgresBinaries.Find() is null, "No PostgreSQL is installed here: initdb and postgres were not found.");
        // This seed draws one of each.
        var figures = await ShortRun.RunAsync(new() { Store = "postgres", Kills = 3, Stops = 0, Seed = 1 });
        Assert.Equal(["both", "database", "server"], figures.Kills.Keys);
    }
}

internal static class ShortRun
{
    public static async Task<CrashFigures> RunAsync(CrashOptions options)
    {
        var said = new List<string>();
        var figures = await new CrashRun(
            options with
            {
                CalmMax = TimeSpan.FromMilliseconds(100), Lease = TimeSpan.FromSeconds(1), CompareEvery = 3,
                Writers = 4,
            },
            said.Add).RunAsync(TestContext.Current.CancellationToken);

        Assert.True(figures.FaultCount == 0, string.Join('\n', [.. figures.Faults, .. said]));
        Assert.Equal(options.Kills, figures.Kills.Values.Sum());
        Assert.Equal(options.Stops, figures.Stops.Values.Sum());
        // A run in which nothing happens would prove nothing.
        Assert.True(figures.Acknowledged > 100, $"{figures.Acknowledged} inputs were acknowledged.");
        Assert.True(figures.Reads > 50, $"{figures.Reads} reads were answered.");
        Assert.True(figures.Entries >= figures.Acknowledged, "The journal has less than was acknowledged.");
        return figures;
    }
}
