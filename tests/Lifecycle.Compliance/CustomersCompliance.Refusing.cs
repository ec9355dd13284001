using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine;

namespace Lifecycle.Compliance;

/// <summary>Commands that are refused and events that cannot be taken.</summary>
public abstract partial class CustomersCompliance
{
    [Fact]
    public async Task A_keyed_refusal_is_an_entry_and_stays_the_same()
    {
        var (ann, redeem) = (Id("ann"), Asked.Redeem("r", Now, 50));
        await TakeAsync(ann, Asked.Adjust("1", Now, 49));
        AssertRefused("insufficient_points", 2, false, await SendAsync(ann, redeem));
        await TakeAsync(ann, Asked.Adjust("2", Now, 49));

        AssertRefused("insufficient_points", 2, true, await SendAsync(ann, redeem));
        Assert.IsType<Outcome.IdReused>(await SendAsync(ann, redeem with { Points = 51 }));
        Assert.Equal(98, (await ViewAsync(ann)).Points.Available);
        var entries = await Customers.EntriesAsync(ann, long.MaxValue, 9, Cancel);
        Assert.Equal(3, entries!.Count);
        Assert.Equal("insufficient_points", Assert.IsType<Effect.Refused>(Assert.Single(entries[1].Effects)).Code);
    }

    [Fact]
    public async Task A_refusal_without_a_key_leaves_nothing_behind()
    {
        var (ann, redeem) = (Id("ann"), new Delivery(Asked.Redeem("r", Now, 50), Keyed: false));
        await TakeAsync(ann, Asked.Adjust("1", Now, 49));
        for (var i = 0; i < 2; i++) AssertRefused("insufficient_points", 1, false, await SendAsync(ann, redeem));
        Assert.Equal(1, await VersionAsync(ann));
        await TakeAsync(ann, Asked.Adjust("2", Now, 1));
        Assert.Equal(0, Accepted(await SendAsync(ann, redeem)).Receipt.Available);
    }

    [Fact]
    public async Task Each_refusal_has_its_code()
    {
        var (ann, now) = (Id("ann"), Now);
        await TakeAsync(ann, Asked.Visit("v", now));
        AssertRefused("invalid_points", 2, false, await SendAsync(ann, Asked.Redeem("1", now, 0)));
        AssertRefused("invalid_points", 3, false, await SendAsync(ann, Asked.Adjust("2", now, 0)));
        AssertRefused("reason_required", 4, false, await SendAsync(ann, Asked.Adjust("3", now, 5, " ")));
        AssertRefused("insufficient_points", 5, false, await SendAsync(ann, Asked.Adjust("4", now, -1)));
    }

    [Fact]
    public async Task A_customer_does_not_come_to_exist_by_a_refusal()
    {
        var (nobody, redeem) = (Id("nobody"), Asked.Redeem("r", Now, 50));
        for (var i = 0; i < 2; i++)
            AssertRefused("insufficient_points", 0, false, await SendAsync(nobody, redeem));
        Assert.Null(await Customers.ViewAsync(nobody, PointInTime.Now, Cancel));
        Assert.Null(await Customers.EntriesAsync(nobody, long.MaxValue, 9, Cancel));
    }

    [Fact]
    public async Task An_event_that_cannot_be_taken_is_named_and_the_rest_of_the_request_goes_on()
    {
        var (ann, now) = (Id("ann"), Now);
        var outcomes = await Customers.ApplyAsync(
            ann,
            [
                new(Asked.Order("o", now, 5_000)),
                new(Asked.Event(EventTypes.OrderPlaced, "1", now, [new(EventSchema.Currency, Text: "USD")])),
                new(Asked.Event(EventTypes.OrderPlaced, "2", now, [new(EventSchema.Kind, Text: "odd")])),
                new(Asked.Event(EventTypes.OrderPlaced, "3", now, [new(EventSchema.OrderId, Text: "o")])),
                new(Asked.Visit("v", now)),
            ],
            Cancel);

        Assert.Equal(
            ["currency_not_in_program", "unknown_order_kind", "order_id_reused"],
            outcomes[1..4].Select(outcome => Assert.IsType<Outcome.Unacceptable>(outcome).Reason));
        Assert.Equal((1, 2), (Accepted(outcomes[0]).Receipt.Version, Accepted(outcomes[4]).Receipt.Version));
        // It used no id up: what is put right comes under the same.
        await TakeAsync(ann, Asked.Visit("1", now));
        Assert.Equal(3, await VersionAsync(ann));
    }
}
