using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine;

namespace Lifecycle.Compliance;

/// <summary>Inputs that are taken, and those that came before.</summary>
public abstract partial class CustomersCompliance
{
    [Fact]
    public async Task Deliveries_are_decided_in_their_order_and_each_has_its_receipt()
    {
        var (ann, now) = (Id("ann"), Now);
        var outcomes = await Customers.ApplyAsync(
            ann,
            [
                new(Asked.Adjust("a", now, 100)), new(Asked.Order("o", now, 12_900)),
                new(Asked.Redeem("r", now, 30)), new(Asked.Visit("v", now)),
            ],
            Cancel);

        var receipts = outcomes.Select(outcome => Accepted(outcome).Receipt).ToArray();
        Assert.Equal([1, 2, 3, 4], receipts.Select(receipt => receipt.Version));
        Assert.Equal([100, 100, 70, 70], receipts.Select(receipt => receipt.Available));
        Assert.Equal([0, 129, 129, 129], receipts.Select(receipt => receipt.Pending));
        Assert.Equal(["Prospect", "New", "New", "New"], receipts.Select(receipt => receipt.Stage));
        Assert.All(receipts, receipt => Assert.Null(receipt.Customer));
        Assert.Equal(
            "New", Assert.Single(receipts[1].Effects.OfType<Effect.StageChanged>()).To);
        var view = await ViewAsync(ann);
        Assert.Equal(
            (4, 70, 129, "New", receipts[3].NextChangeAt),
            (view.Version, view.Points.Available, view.Points.Pending, view.Stage.Name, view.NextChangeAt));
    }

    [Fact]
    public async Task A_redelivery_gets_the_first_receipt_whenever_it_comes()
    {
        var (ann, order) = (Id("ann"), Asked.Order("o", Now, 5_000));
        var first = await TakeAsync(ann, order);
        var command = Asked.Adjust("a", Now, 10);
        var given = await TakeAsync(ann, command);
        foreach (var other in new[] { "1", "2", "3", "4", "5", "6", "7", "8", "9", "10" })
            await TakeAsync(ann, Asked.Visit(other, Now));

        foreach (var (input, receipt) in new (Input, Receipt)[] { (order, first), (command, given) })
        {
            var again = Accepted(await SendAsync(ann, input));
            Assert.True(again.Replayed);
            AssertSame(receipt, again.Receipt);
        }

        Assert.Equal(12, await VersionAsync(ann));
    }

    [Fact]
    public async Task The_same_input_twice_in_one_request_counts_once()
    {
        var (ann, visit) = (Id("ann"), Asked.Visit("v", Now));
        var outcomes = await Customers.ApplyAsync(ann, [new(visit), new(visit)], Cancel);
        Assert.Equal([false, true], outcomes.Select(outcome => Accepted(outcome).Replayed));
        AssertSame(Accepted(outcomes[0]).Receipt, Accepted(outcomes[1]).Receipt);
        Assert.Equal(1, Lifetime(await ViewAsync(ann)).Visits);
    }

    [Fact]
    public async Task An_id_that_was_used_for_another_body_is_said_to_be_and_counts_nothing()
    {
        var (ann, now) = (Id("ann"), Now);
        await TakeAsync(ann, Asked.Order("o", now, 5_000));
        await TakeAsync(ann, Asked.Adjust("a", now, 10));
        var before = await ViewAsync(ann);

        Assert.Equal(1, Assert.IsType<Outcome.IdReused>(await SendAsync(ann, Asked.Order("o", now, 5_001))).Seq);
        Assert.Equal(2, Assert.IsType<Outcome.IdReused>(await SendAsync(ann, Asked.Adjust("a", now, 11))).Seq);
        var after = await ViewAsync(ann);
        Assert.Equal((before.Version, before.Points.Available), (after.Version, after.Points.Available));
        // Ids are the customer's and the channel's own.
        await TakeAsync(Id("bob"), Asked.Adjust("a", now, 11));
        await TakeAsync(ann, Asked.Adjust("a", now, 11) with { Source = "desk" });
    }

    [Fact]
    public async Task A_version_that_was_built_on_must_be_the_one_that_is()
    {
        var (ann, now) = (Id("ann"), Now);
        var wrong = new Delivery(Asked.Visit("v", now), IfMatch: 3);
        Assert.Equal(0, Assert.IsType<Outcome.Stale>(await SendAsync(ann, wrong)).Version);
        Assert.Equal(0, await VersionAsync(ann));
        var first = new Delivery(Asked.Adjust("1", now, 5), IfMatch: 0);
        var receipt = Accepted(await SendAsync(ann, first)).Receipt;
        Assert.Equal(1, receipt.Version);
        Accepted(await SendAsync(ann, new Delivery(Asked.Adjust("2", now, 5), IfMatch: 1)));

        var stale = new Delivery(Asked.Adjust("3", now, 5), IfMatch: 1);
        Assert.Equal(2, Assert.IsType<Outcome.Stale>(await SendAsync(ann, stale)).Version);
        Assert.Equal(2, Assert.IsType<Outcome.Stale>(await SendAsync(ann, stale)).Version);
        // What was taken is not asked again what it was built on.
        var again = Accepted(await SendAsync(ann, first));
        Assert.True(again.Replayed);
        AssertSame(receipt, again.Receipt);
        // A failed condition used no id up.
        Accepted(await SendAsync(ann, stale with { IfMatch = 2 }));
        Assert.Equal(15, (await ViewAsync(ann)).Points.Available);
    }

    [Fact]
    public async Task Several_customers_are_each_answered_for_themselves()
    {
        var (ann, bob, eve, now) = (Id("ann"), Id("bob"), Id("eve"), Now);
        await TakeAsync(bob, Asked.Visit("v", now));
        CustomerInputs[] inputs =
        [
            new(ann, [new(Asked.Adjust("1", now, 5)), new(Asked.Redeem("2", now, 6))]),
            new(bob, [new(Asked.Visit("v", now.PlusDays(-1)))]),
            new(eve, []),
        ];
        await Customers.ApplyAsync(inputs, Cancel);
        await Customers.ApplyAsync([], Cancel);

        Assert.All(inputs, one => Assert.Null(one.Fault));
        Assert.Equal(1, Accepted(inputs[0].Outcomes[0]).Receipt.Version);
        AssertRefused("insufficient_points", 2, false, inputs[0].Outcomes[1]);
        Assert.IsType<Outcome.IdReused>(Assert.Single(inputs[1].Outcomes));
        Assert.Empty(inputs[2].Outcomes);
        Assert.Equal(0, await VersionAsync(eve));
        Assert.Equal((2, 1), (await VersionAsync(ann), await VersionAsync(bob)));
    }

    [Fact]
    public async Task What_cannot_be_had_now_for_one_customer_is_no_fault_of_the_others()
    {
        // More requests for one customer than any host has under way at once.
        var (hot, calm, now) = (Id("hot"), Id("calm"), Now);
        await TakeAsync(hot, Asked.Visit("v", now));
        CustomerInputs[] inputs =
        [
            .. Enumerable.Range(0, 200).Select(i => new CustomerInputs(hot, [new(Asked.Adjust($"{i}", now, 1))])),
            new(calm, [new(Asked.Adjust("a", now, 1))]),
        ];
        await Customers.ApplyAsync(inputs, Cancel);

        Assert.Equal(1, Accepted(Assert.Single(inputs[^1].Outcomes)).Receipt.Version);
        var refused = inputs.Where(one => one.Fault is not null).ToArray();
        Assert.NotEmpty(refused);
        Assert.All(refused, one =>
        {
            var fault = Assert.IsType<UnavailableException>(one.Fault);
            Assert.Equal("overloaded", fault.Code);
            Assert.True(fault.RetryAfter > TimeSpan.Zero);
            Assert.Empty(one.Outcomes);
        });
        var taken = inputs.Length - 1 - refused.Length;
        Assert.InRange(taken, 1, 199);
        Assert.Equal((1 + taken, taken), (await VersionAsync(hot), (await ViewAsync(hot)).Points.Available));
        // Nothing of them was kept: they may come again.
        Assert.False(Accepted(await SendAsync(hot, refused[0].Deliveries[0])).Replayed);
    }
}
