using Lifecycle.Engine;

namespace Lifecycle.Compliance;

/// <summary>What would become of inputs.</summary>
public abstract partial class CustomersCompliance
{
    [Fact]
    public async Task What_is_foretold_is_what_happens_and_asking_writes_nothing()
    {
        var (ann, card) = (Id("ann"), Id("card"));
        await TakeAsync(ann, Asked.Order("1", Old, 9_900), historical: true);
        await TakeAsync(ann, Asked.Adjust("a", Old.PlusDays(20), 7), historical: true);
        Delivery[] inputs =
        [
            new(Asked.Order("2", Old.PlusDays(30), 5_000), Historical: true),
            new(Asked.Order("1", Old, 9_900), Historical: true),
            new(Asked.Adjust("a", Old.PlusDays(20), 8), Historical: true),
            new(Asked.Redeem("r", Old.PlusDays(31), 100_000), Historical: true),
            new(Asked.Return("t", Old.PlusDays(32), "2", 5_000), Historical: true),
            new(Asked.Visit("v", Old.PlusDays(32)), Historical: true, IfMatch: 1),
        ];
        await AssertForetoldAsync(ann, inputs, new(null, null));
        // The same through an alias, which names the customer.
        Accepted(await MergeAsync(ann, card));
        Delivery[] more = [new(Asked.Visit("w", Old)), new(Asked.Redeem("s", Old, 100_000))];
        var foretold = await AssertForetoldAsync(card, more, new(null, null));
        Assert.Equal((ann, ann), (Accepted(foretold.Outcomes[0]).Receipt.Customer, foretold.View!.Customer));
    }

    [Fact]
    public async Task Somebody_who_is_unknown_is_foretold_and_stays_unknown()
    {
        var nobody = Id("nobody");
        var answer = await Customers.WhatIfAsync(
            nobody, [new(Asked.Redeem("r", Now, 5)), new(Asked.Order("o", Now, 9_900))], PointInTime.Now, null, Cancel);
        AssertRefused("insufficient_points", 0, false, answer.Outcomes[0]);
        Assert.Equal(("New", 99L, 0L), (answer.View!.Stage.Name, answer.View.Points.Pending, answer.Version));
        Assert.Null(await Customers.ViewAsync(nobody, PointInTime.Now, Cancel));
        Assert.Null((await Customers.WhatIfAsync(nobody, [], PointInTime.Now, null, Cancel)).View);
    }

    [Fact]
    public async Task A_past_is_forked_as_it_stood_and_a_later_instant_runs_what_is_due()
    {
        var ann = Id("ann");
        await TakeAsync(ann, Asked.Order("1", Old, 9_900), historical: true);
        await TakeAsync(ann, Asked.Order("2", Old.PlusDays(40), 5_000), historical: true);
        Delivery[] inputs = [new(Asked.Order("2", Old, 7_000)), new(Asked.Redeem("r", Old, 99))];
        var then = new PointInTime(Old.PlusDays(1), null);

        var past = await Customers.WhatIfAsync(ann, inputs, then, null, Cancel);
        Assert.Equal((1, then.AsOf!.Value), (past.Version, past.At));
        Assert.Equal(169, Accepted(past.Outcomes[0]).Receipt.Pending);
        AssertRefused("insufficient_points", 3, false, past.Outcomes[1]);
        var later = await Customers.WhatIfAsync(ann, inputs, then, Old.PlusDays(14), Cancel);
        Assert.Equal((1, Old.PlusDays(14)), (later.Version, later.At));
        // Both have matured: the order of then would be as old as the first.
        Assert.Equal(70, Accepted(later.Outcomes[1]).Receipt.Available);
        Assert.Equal(3, (await ViewAsync(ann)).Version);
    }

    [Fact]
    public async Task An_instant_that_cannot_be_is_refused_by_name()
    {
        var ann = Id("ann");
        var receipt = await TakeAsync(ann, Asked.Visit("v", Now));
        foreach (var at in new[] { receipt.At.Plus(-1), Now.Plus(PointInTime.AheadMax).PlusDays(1) })
        {
            var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
                () => Customers.WhatIfAsync(ann, [], PointInTime.Now, at, Cancel));
            Assert.Equal("at", refused.ParamName);
        }
    }

    private async Task<WhatIfAnswer> AssertForetoldAsync(
        string customer, IReadOnlyList<Delivery> inputs, PointInTime when)
    {
        var before = await ViewAsync(customer);
        var foretold = await Customers.WhatIfAsync(customer, inputs, when, null, Cancel);
        Assert.Equal(before.Version, foretold.Version);
        var plain = new Plain(Host.Secret, _test);
        Assert.Equal(plain.Text(before), plain.Text(await ViewAsync(customer)));
        var outcomes = await Customers.ApplyAsync(customer, inputs, Cancel);
        Assert.Equal(outcomes.Select(plain.Text), foretold.Outcomes.Select(plain.Text));
        Assert.Equal(plain.Text(await ViewAsync(customer)), plain.Text(foretold.View));
        return foretold;
    }
}
