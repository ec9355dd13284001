using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Engine.Tests.Support;

/// <summary>An engine over a store in a folder of its own, with a clock of its own.</summary>
public sealed class EngineFixture : IAsyncDisposable
{
    private IStore _raw = null!;
    private ILogger _logger = NullLogger.Instance;

    private EngineFixture(string folder, ManualClock clock)
    {
        Folder = folder;
        Clock = clock;
    }

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public string Folder { get; }

    public ManualClock Clock { get; }

    public LifecycleEngine Engine { get; private set; } = null!;

    public ICustomers Customers => Engine.Customers;

    /// <param name="wrap">Puts a store of the test's own over the real one.</param>
    public static async Task<EngineFixture> OpenAsync(
        Func<IStore, IStore>? wrap = null, EngineOptions? options = null, bool start = false, string program = "")
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-engine-").FullName;
        var fixture = new EngineFixture(folder, new ManualClock(Start));
        await fixture.OpenEngineAsync(wrap, options, program);
        if (start) await fixture.Engine.StartAsync(CancellationToken.None);
        return fixture;
    }

    /// <summary>An engine over a folder that is there, which the fixture takes away with itself.</summary>
    public static async Task<EngineFixture> OverAsync(string folder, DateTimeOffset now, ILogger? logger = null)
    {
        var fixture = new EngineFixture(folder, new ManualClock(now)) { _logger = logger ?? NullLogger.Instance };
        await fixture.OpenEngineAsync(null, null, "");
        return fixture;
    }

    /// <summary>Closes the engine and opens another over the same folder.</summary>
    public async Task ReopenAsync(
        Func<IStore, IStore>? wrap = null, EngineOptions? options = null, bool start = false, string program = "")
    {
        await Engine.DisposeAsync();
        await OpenAgainAsync(wrap, options, program);
        if (start) await Engine.StartAsync(CancellationToken.None);
    }

    /// <summary>Opens an engine over the folder of one that the test has closed.</summary>
    public Task OpenAgainAsync(
        Func<IStore, IStore>? wrap = null, EngineOptions? options = null, string program = "") =>
        OpenEngineAsync(wrap, options, program);

    /// <summary>Time passes, and the process keeps its lease meanwhile.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Clock.Advance(by);
        await Engine.Gate.RenewAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Another engine over the same files, past the test's own store, as if a second process were writing. The caller
    /// disposes it first.
    /// </summary>
    public Task<LifecycleEngine> OpenSecondEngineAsync() => LifecycleEngine.OpenAsync(
        new TestStore(_raw, owned: false), Engine.Secret, new EngineSettings { Folder = Folder },
        new EngineOptions(), Clock, NullLoggerFactory.Instance, CancellationToken.None);

    /// <summary>Starts the projection alone: the test pokes, renews and sweeps itself.</summary>
    public Task StartProjectionAsync() =>
        Engine.Projector.StartAsync(Engine.Isolation, TestContext.Current.CancellationToken);

    /// <summary>A customer's rows, oldest first.</summary>
    public Task<IReadOnlyList<JournalRow>> RowsAsync(string customer) => Engine.Store.Journal.ReadAsync(
        Engine.Secret.CustomerKeyOf(customer), 1, 10_000, TestContext.Current.CancellationToken);

    /// <summary>Every invariant holds, and what is in memory is what a replay gives.</summary>
    public async Task VerifyAsync() =>
        Assert.Empty((await Engine.VerifyAsync(null, TestContext.Current.CancellationToken)).Violations);

    /// <summary>The same of the journal alone, where another engine wrote too.</summary>
    public async Task VerifyJournalAsync() => Assert.Empty(
        (await Verifier.VerifyAsync(Engine.Store, null, TestContext.Current.CancellationToken)).Violations);

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public async Task<Outcome> ApplyAsync(
        string customer, Input input, bool historical = false, long? ifMatch = null, bool keyed = true) =>
        (await Customers.ApplyAsync(
            customer, [new Delivery(input, historical, ifMatch, keyed)], TestContext.Current.CancellationToken))[0];

    /// <summary>
    /// A delivery on its way: decided and handed over when this returns, if the customer is in memory.
    /// </summary>
    public async Task<Outcome> SendAsync(string customer, Input input, long? ifMatch = null) =>
        (await Customers.ApplyAsync(
            customer, [new Delivery(input, IfMatch: ifMatch)], TestContext.Current.CancellationToken))[0];

    /// <summary>Sends an input that must be taken.</summary>
    public async Task<Outcome.Accepted> TakeAsync(string customer, Input input, long? ifMatch = null) =>
        Assert.IsType<Outcome.Accepted>(await SendAsync(customer, input, ifMatch));

    private async Task OpenEngineAsync(Func<IStore, IStore>? wrap, EngineOptions? options, string program)
    {
        var store = await SqliteStore.OpenAsync(
            new SqliteOptions { Folder = Folder }, Clock, _logger);
        var secret = await InstallationKeyFile.OpenAsync(Folder, store, CancellationToken.None);
        _raw = store;
        try
        {
            Engine = await LifecycleEngine.OpenAsync(
                wrap is null ? store : wrap(store), secret, new EngineSettings { Folder = Folder, Program = program },
                options ?? new EngineOptions(), Clock, NullLoggerFactory.Instance, CancellationToken.None);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}

/// <summary>Inputs for tests, short to write.</summary>
public static class Some
{
    public static Input.Event Order(
        string id, Instant at, long amountMinor, params (string Sku, long Quantity, long AmountMinor)[] items) =>
        new(EventTypes.OrderPlaced, new EventData(
            [new(EventSchema.OrderId, Text: id), new(EventSchema.AmountMinor, Integer: amountMinor)],
            [.. items.Select(i => new OrderItem { Sku = i.Sku, Quantity = i.Quantity, AmountMinor = i.AmountMinor })],
            default))
        { Source = "shop", Id = $"placed-{id}", OccurredAt = at };

    public static Input.Event Return(
        string id, Instant at, string? order, long? amountMinor,
        params (string Sku, long Quantity, long AmountMinor)[] items)
    {
        var fields = new List<FieldValue>();
        if (order is not null) fields.Add(new(EventSchema.OrderId, Text: order));
        if (amountMinor is { } amount) fields.Add(new(EventSchema.AmountMinor, Integer: amount));
        return new(EventTypes.OrderReturned, new EventData(
            [.. fields],
            [.. items.Select(i => new OrderItem { Sku = i.Sku, Quantity = i.Quantity, AmountMinor = i.AmountMinor })],
            default))
        { Source = "shop", Id = $"return-{id}", OccurredAt = at };
    }

    public static Input.Event Visit(string id, Instant at) =>
        new(EventTypes.Visit, EventData.Empty) { Source = "web", Id = id, OccurredAt = at };

    public static Input.RedeemPoints Redeem(string id, Instant at, long points, string? note = null) =>
        new(points, "ref", note) { Source = "api", Id = id, OccurredAt = at };

    public static Input.AdjustPoints Adjust(string id, Instant at, long points, string reason = "goodwill") =>
        new(points, reason, null) { Source = "api", Id = id, OccurredAt = at };
}
