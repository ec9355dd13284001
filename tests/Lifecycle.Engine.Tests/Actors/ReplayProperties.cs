using FsCheck.Fluent;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>
/// However a customer's inputs are cut into requests, repeated, mixed with others' and interrupted by restarts and
/// failures of the store: the states and the entries are those of one plain run.
/// </summary>
public sealed class ReplayProperties
{
    private const int Customers = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_split_repetition_and_interruption_gives_the_same_customers()
    {
        var seeds = Gen.Choose(0, int.MaxValue).Sample(25);
        foreach (var seed in seeds)
        {
            var histories = Enumerable.Range(0, Customers).Select(c => HistoryOf(new Random(seed + c))).ToArray();
            var plain = await RunAsync(histories, null);
            var mangled = await RunAsync(histories, new Random(seed));
            Assert.True(
                plain.SequenceEqual(mangled),
                $"Seed {seed}: {string.Join("; ", plain)} and {string.Join("; ", mangled)}");
        }
    }

    /// <summary>
    /// Orders, returns, redemptions, adjustments and visits of two years, in the order they are sent.
    /// </summary>
    private static Input[] HistoryOf(Random random)
    {
        var start = Instant.From(EngineFixture.Start).PlusDays(-730);
        var at = start;
        // A command that is refused before there is a customer is not journaled; decided again later it may be taken.
        var inputs = new List<Input> { Some.Visit("first", at) };
        for (var i = 0; i < random.Next(5, 40); i++)
        {
            at = at.PlusDays(random.Next(0, 40)).Plus(random.Next(1, 3_600) * Instant.MicrosPerSecond);
            if (at >= Instant.From(EngineFixture.Start)) break;
            var late = random.Next(4) == 0 ? at.PlusDays(-random.Next(1, 60)) : at;
            inputs.Add(random.Next(8) switch
            {
                0 or 1 or 2 => Some.Order($"o-{i}", late, random.Next(500, 30_000), ("A", 2, 300), ("B", 1, 200)),
                3 => Some.Return($"t-{i}", at, $"o-{random.Next(i + 2)}", random.Next(100, 9_000)),
                4 => Some.Return($"t-{i}", at, null, null, ("A", random.Next(1, 3), 300)),
                5 => Some.Redeem($"r-{i}", at, random.Next(1, 150)),
                6 => Some.Adjust($"a-{i}", at, random.Next(-20, 90) is var points && points == 0 ? 1 : points),
                _ => Some.Visit($"v-{i}", late),
            });
        }

        return [.. inputs];
    }

    /// <summary>The hash of each customer's state and how many entries they have; plain without chance.</summary>
    private static async Task<List<(string Hash, int Entries)>> RunAsync(Input[][] histories, Random? chance)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var sent = new int[histories.Length];
        while (histories.Index().Any(h => sent[h.Index] < h.Item.Length))
        {
            if (chance?.Next(10) == 0) await fixture.ReopenAsync(s => store = new TestStore(s));
            if (chance?.Next(6) == 0) store!.Appends.FailBefore();
            if (chance?.Next(6) == 0) store!.Appends.FailAfter();
            await Task.WhenAll(histories.Index().Select(h =>
            {
                var size = chance?.Next(1, 9) ?? h.Item.Length;
                // From somewhere before the first new one, so that some come again; some of those twice in a request.
                var from = chance is null ? 0 : Math.Max(0, sent[h.Index] - chance.Next(0, 5));
                var to = Math.Min(h.Item.Length, sent[h.Index] + size);
                sent[h.Index] = to;
                var deliveries = h.Item[from..to].Select(input => new Delivery(input, Historical: true)).ToList();
                if (chance?.Next(3) == 0) deliveries.AddRange(deliveries[..(deliveries.Count / 2)]);
                return fixture.Customers.ApplyAsync($"c{h.Index}", deliveries, Cancel);
            }));
        }

        await fixture.VerifyAsync();
        var found = new List<(string, int)>();
        for (var c = 0; c < histories.Length; c++)
        {
            var rows = await fixture.RowsAsync($"c{c}");
            var head = await new Lifecycle.Engine.Actors.HeadLoader(fixture.Engine.Store)
                .LoadAsync(fixture.Engine.Secret.CustomerKeyOf($"c{c}"), Cancel);
            found.Add((StateCodec.HashOf(head.State).ToString(), rows.Count));
        }

        return found;
    }
}
