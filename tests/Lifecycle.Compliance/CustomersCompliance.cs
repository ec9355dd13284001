using System.Globalization;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Store;

namespace Lifecycle.Compliance;

/// <summary>
/// What every <see cref="ICustomers"/> must do, whichever host runs the actors. Each test has customers of its own, so
/// that a host that is dear to start can be shared.
/// </summary>
/// <remarks>
/// The clock may be the machine's: nothing here depends on what time it is, but for the tests that skip themselves
/// where no clock can be moved.
/// </remarks>
public abstract partial class CustomersCompliance : IAsyncLifetime
{
    /// <summary>Older than anything that a clock says.</summary>
    private static readonly Instant Old = Instant.From(new DateTimeOffset(2012, 1, 5, 9, 0, 0, TimeSpan.Zero));

    private static int _tests;

    private readonly string _test = Interlocked.Increment(ref _tests).ToString(CultureInfo.InvariantCulture);
    private CustomersHost? _host;
    private int _requests;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CustomersHost Host => _host!;

    private ICustomers Customers => Host.Customers;

    private Instant Now => Instant.From(Host.Clock.GetUtcNow());

    /// <summary>A host that runs; the ids of customers are new to it.</summary>
    protected abstract Task<CustomersHost> OpenAsync();

    public async ValueTask InitializeAsync() => _host = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (_host?.Running is { } running) await running.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The test's own customer of a name.</summary>
    private string Id(string name) => $"{name}.{_test}";

    private CustomerKey KeyOf(string id) => Host.Secret.CustomerKeyOf(id);

    private async Task<Outcome> SendAsync(string customer, Delivery delivery) =>
        Assert.Single(await Customers.ApplyAsync(customer, [delivery], Cancel));

    private Task<Outcome> SendAsync(string customer, Input input) => SendAsync(customer, new Delivery(input));

    /// <summary>Sends what must be taken.</summary>
    private async Task<Receipt> TakeAsync(string customer, Input input, bool historical = false)
    {
        var accepted = Accepted(await SendAsync(customer, new Delivery(input, historical)));
        Assert.False(accepted.Replayed);
        return accepted.Receipt;
    }

    private Task<Outcome> MergeAsync(string into, string from) =>
        Customers.MergeAsync(into, from, new("desk", $"m{Interlocked.Increment(ref _requests)}", Now), Cancel);

    private Task<Outcome> UnmergeAsync(string customer, string alias) =>
        Customers.UnmergeAsync(customer, alias, new("desk", $"u{Interlocked.Increment(ref _requests)}", Now), Cancel);

    private async Task<CustomerView> ViewAsync(string customer, PointInTime when = default) =>
        Assert.IsType<CustomerView>(await Customers.ViewAsync(customer, when, Cancel));

    private async Task<StatusReading> StatusAsync(string customer, PointInTime when = default)
    {
        var status = await Customers.StatusAsync(customer, when, Cancel);
        Assert.NotNull(status);
        return status.Value;
    }

    private async Task<long> VersionAsync(string customer) =>
        (await Customers.ViewAsync(customer, PointInTime.Now, Cancel))?.Version ?? 0;

    /// <summary>The clock says something later: a little is enough.</summary>
    private Task PassAsync(TimeSpan time) => Host.AdvanceAsync?.Invoke(time) ?? Task.Delay(time, Cancel);

    /// <summary>Only where the clock can be moved.</summary>
    private Task AdvanceAsync(TimeSpan time)
    {
        Assert.SkipWhen(Host.AdvanceAsync is null, "The clock of this host is the machine's and cannot be moved.");
        return Host.AdvanceAsync!(time);
    }

    private static WindowTotals Lifetime(CustomerView view) =>
        view.Metrics.Windows.Single(window => window.Name == "lifetime").Totals;

    private static Outcome.Accepted Accepted(Outcome outcome) => Assert.IsType<Outcome.Accepted>(outcome);

    private static void AssertRefused(string code, long version, bool replayed, Outcome outcome)
    {
        var refused = Assert.IsType<Outcome.Refused>(outcome);
        Assert.Equal((code, version, replayed), (refused.Code, refused.Version, refused.Replayed));
        Assert.NotEmpty(refused.Detail);
    }

    /// <summary>Word for word, effects and all.</summary>
    private static void AssertSame(Receipt expected, Receipt found)
    {
        // As text: the arrays of two parts of a state are never equal.
        Assert.Equal(expected.Effects.Select(effect => $"{effect}"), found.Effects.Select(effect => $"{effect}"));
        Assert.Equal(expected with { Effects = [] }, found with { Effects = [] });
    }
}
