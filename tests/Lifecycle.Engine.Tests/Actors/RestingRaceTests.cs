using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>
/// Customers come to rest and wake while they are written and read side by side and the store fails: no reader sees
/// less than was acknowledged before, and nothing is lost or doubled.
/// </summary>
public sealed class RestingRaceTests
{
    private const int Clients = 4;
    private const int InputsEach = 100;

    /// <summary>So many that some are always idle, and so few that clients meet.</summary>
    private const int Customers = 8;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task Whoever_rests_meanwhile_is_never_behind_what_was_acknowledged(int seed, bool fails)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s),
            new EngineOptions
            {
                PackAfter = TimeSpan.FromSeconds(1), Lease = TimeSpan.FromMinutes(10), AttemptsMax = 2,
            });
        var now = fixture.Clock.Now;
        var (inputs, acknowledged) = (new int[Customers], new long[Customers]);
        var rests = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => LiveAsync(client), Cancel)));

        Assert.True(rests > 0, "Nobody came to rest.");
        for (var c = 0; c < Customers; c++)
        {
            Assert.Equal(inputs[c], (await fixture.RowsAsync($"c{c}")).Count);
            Assert.Equal(3 * inputs[c], await AvailableAsync(c));
        }

        await fixture.VerifyAsync();

        async Task LiveAsync(int client)
        {
            var random = new Random(seed * 1_000 + client);
            for (var i = 0; i < InputsEach; i++)
            {
                // Each client has met every customer before it meets one at random.
                var customer = i < Customers ? i : random.Next(Customers);
                Interlocked.Increment(ref inputs[customer]);
                if (fails && random.Next(10) == 0) store!.Appends.FailBefore();
                if (fails && random.Next(10) == 0) store!.Appends.FailAfter();
                var sent = SendAsync(customer, $"{client}-{i}");
                if (random.Next(2) == 0)
                {
                    fixture.Clock.Advance(TimeSpan.FromSeconds(2));
                    fixture.Engine.Sweep();
                    if (fixture.Engine.Packed > 0) Interlocked.Increment(ref rests);
                }

                var before = Volatile.Read(ref acknowledged[customer]);
                Assert.True(await VersionAsync(customer, random.Next(3)) >= before);
                var version = await sent;
                Assert.True(await VersionAsync(customer, random.Next(3)) >= version);
                InterlockedMax(ref acknowledged[customer], version);
            }
        }

        async Task<long> VersionAsync(int customer, int way)
        {
            var (asked, id) = (fixture.Customers, $"c{customer}");
            return way switch
            {
                0 => (await TryAsync(() => asked.ViewAsync(id, PointInTime.Now, Cancel)))?.Version,
                1 => (await TryAsync(() => asked.ExtentAsync(id, PointInTime.Now, Cancel)))?.KnownSeq,
                _ => (await TryAsync(async () => await asked.StatusAsync(id, PointInTime.Now, Cancel)))
                    ?.Known.Status.Version,
            } ?? 0;
        }

        async Task<long> AvailableAsync(int customer)
        {
            var status = await fixture.Customers.StatusAsync($"c{customer}", PointInTime.Now, Cancel);
            return status!.Value.Known.Status.Available;
        }

        async Task<long> SendAsync(int customer, string id)
        {
            var delivery = new Delivery(Some.Adjust(id, now, 3));
            var answers = await TryAsync(() => fixture.Customers.ApplyAsync($"c{customer}", [delivery], Cancel));
            return Assert.IsType<Outcome.Accepted>(answers[0]).Receipt.Version;
        }
    }

    /// <summary>As a client does.</summary>
    private static async Task<T> TryAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (UnavailableException)
            {
                await Task.Yield();
            }
        }
    }

    private static void InterlockedMax(ref long place, long value)
    {
        for (var seen = Volatile.Read(ref place); seen < value;)
        {
            var found = Interlocked.CompareExchange(ref place, value, seen);
            if (found == seen) return;
            seen = found;
        }
    }
}
