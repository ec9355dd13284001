using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>
/// Clients side by side who send again until they are answered, while the store fails before and after commits, actors
/// leave memory and a second engine writes the same customers: nothing is lost, doubled or told twice differently.
/// </summary>
public sealed class ChaosTests
{
    private const int Clients = 8;
    private const int InputsEach = 40;
    private const int Customers = 4;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_fails_each_input_is_taken_once_and_its_receipt_stays(int seed)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s),
            new EngineOptions { BatchEntriesMax = 5, WriterQueueMax = 4, AttemptsMax = 2, ResidentMax = 1 });
        await using var other = await fixture.OpenSecondEngineAsync();
        var now = fixture.Clock.Now;
        var receipts = new long[Clients, InputsEach];
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(
            async () =>
            {
                var random = new Random(seed * 1_000 + client);
                for (var i = 0; i < InputsEach; i++)
                {
                    if (random.Next(12) == 0) store!.Appends.FailBefore();
                    if (random.Next(12) == 0) store!.Appends.FailAfter();
                    if (random.Next(15) == 0) fixture.Engine.Sweep();
                    var customers = random.Next(4) == 0 ? other.Customers : fixture.Customers;
                    receipts[client, i] = await SendAsync(customers, client, i);
                    // Now and then what was answered before is sent again.
                    var earlier = random.Next(i + 1);
                    if (random.Next(3) > 0) continue;
                    Assert.Equal(receipts[client, earlier], await SendAsync(customers, client, earlier));
                }
            },
            Cancel)));

        for (var c = 0; c < Customers; c++)
        {
            var rows = await fixture.RowsAsync($"c{c}");
            Assert.Equal(Clients * InputsEach / Customers, rows.Count);
            var last = await fixture.TakeAsync($"c{c}", Some.Adjust("end", now, 1));
            Assert.Equal(rows.Count * 3 + 1, last.Receipt.Available);
        }

        var versions = receipts.Cast<long>().Index().Select(r => (r.Item, r.Index % InputsEach % Customers));
        Assert.Equal(Clients * InputsEach, versions.Distinct().Count());
        await fixture.VerifyJournalAsync();

        async Task<long> SendAsync(ICustomers customers, int client, int i)
        {
            while (true)
            {
                try
                {
                    var delivery = new Delivery(Some.Adjust($"{client}-{i}", now, 3));
                    var answer = (await customers.ApplyAsync($"c{i % Customers}", [delivery], Cancel))[0];
                    return Assert.IsType<Outcome.Accepted>(answer).Receipt.Version;
                }
                catch (UnavailableException)
                {
                    // As a client does.
                }
            }
        }
    }
}
