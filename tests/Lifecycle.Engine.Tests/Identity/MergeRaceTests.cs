using System.Collections.Concurrent;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Identity;

/// <summary>Merges, unmerges and inputs at once, over a disk that fails: what was taken counts once.</summary>
public sealed class MergeRaceTests
{
    private static readonly string[] Ids = ["ann", "ann@x", "tel", "card", "bob"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public async Task What_was_taken_counts_once_whatever_is_merged_meanwhile(int seed, bool faults)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s), new() { BatchEntriesMax = 5, AttemptsMax = 2, ResidentMax = 1 });
        var now = Instant.From(EngineFixture.Start);
        foreach (var id in Ids) await fixture.TakeAsync(id, Some.Visit($"first-{id}", now));
        var taken = new ConcurrentDictionary<string, int>();
        var workers = Enumerable.Range(0, 8).Select(worker => Task.Run(
            async () =>
            {
                var random = new Random((seed * 100) + worker);
                for (var step = 0; step < 40; step++)
                {
                    var (id, other) = (Ids[random.Next(Ids.Length)], Ids[random.Next(Ids.Length)]);
                    var name = $"{worker}-{step}";
                    if (faults && random.Next(10) == 0)
                    {
                        if (random.Next(2) == 0) store!.Appends.FailBefore();
                        else store!.Appends.FailAfter();
                    }

                    if (random.Next(10) == 0) fixture.Engine.Sweep();
                    switch (random.Next(8))
                    {
                        case 0:
                            if (id != other)
                                await AgainAsync(() => fixture.Customers.MergeAsync(
                                    id, other, new("test", name, now), Cancel));
                            break;
                        case 1:
                            await AgainAsync(() => fixture.Customers.UnmergeAsync(
                                id, other, new("test", name, now), Cancel));
                            break;
                        default:
                            var input = Some.Visit(name, now);
                            for (var times = random.Next(1, 3); times > 0; times--)
                            {
                                var outcome = await AgainAsync(() => fixture.SendAsync(id, input));
                                if (Assert.IsType<Outcome.Accepted>(outcome).Replayed) continue;
                                taken.AddOrUpdate(name, 1, (_, n) => n + 1);
                            }

                            taken.TryAdd(name, 0);
                            break;
                    }
                }
            },
            Cancel));
        await Task.WhenAll(workers);

        var roots = new HashSet<string>();
        var visits = 0L;
        foreach (var id in Ids)
        {
            var view = (await fixture.Customers.ViewAsync(id, PointInTime.Now, Cancel))!;
            if (!roots.Add(view.Customer ?? id)) continue;
            visits += view.Metrics.Windows.Single(window => window.Name == "lifetime").Totals.Visits;
        }

        Assert.Equal(taken.Count + Ids.Length, visits);
        Assert.DoesNotContain(taken.Values, times => times > 1);
        await fixture.VerifyAsync();
    }

    private static async Task<Outcome> AgainAsync(Func<Task<Outcome>> act)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await act();
            }
            catch (UnavailableException) when (attempt < 50)
            {
                await Task.Yield();
            }
        }
    }
}
