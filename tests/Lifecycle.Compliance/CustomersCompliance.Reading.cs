using System.Text;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine;

namespace Lifecycle.Compliance;

/// <summary>Questions about the present.</summary>
public abstract partial class CustomersCompliance
{
    [Fact]
    public async Task Of_an_unknown_id_nothing_is_known_and_asking_makes_nobody()
    {
        var nobody = Id("nobody");
        for (var i = 0; i < 2; i++)
        {
            Assert.Null(await Customers.ViewAsync(nobody, PointInTime.Now, Cancel));
            Assert.Null(await Customers.StatusAsync(nobody, PointInTime.Now, Cancel));
            Assert.Null(await Customers.ExtentAsync(nobody, PointInTime.Now, Cancel));
            Assert.Null(await Customers.ExplainAsync(nobody, "points.available", PointInTime.Now, 5, Cancel));
            Assert.Null(await Customers.EntriesAsync(nobody, long.MaxValue, 5, Cancel));
            Assert.Null(await Customers.OwnEntriesAsync(nobody, long.MaxValue, 5, Cancel));
            Assert.Null(await Customers.IdentityAsync(nobody, Cancel));
            Assert.Null(await Customers.ViewAsync(nobody, new(Now.PlusDays(-1), Now), Cancel));
            Assert.Null(await Customers.StatusAsync(nobody, new(Now.PlusDays(-1), Now), Cancel));
            Assert.Null(await Customers.ExtentAsync(nobody, new(Now.PlusDays(-1), null), Cancel));
            Assert.Empty(await Customers.ApplyAsync(nobody, [], Cancel));
            await Customers.TickAsync(KeyOf(nobody), Cancel);
        }
    }

    [Fact]
    public async Task A_status_says_what_the_view_says()
    {
        var ann = Id("ann");
        await TakeAsync(ann, Asked.Adjust("a", Now, 40));
        var receipt = await TakeAsync(ann, Asked.Order("o", Now, 9_900));
        foreach (var when in new[] { PointInTime.Now, new(Now.PlusDays(20), null), new(null, Now) })
        {
            var (status, view) = (await StatusAsync(ann, when), await ViewAsync(ann, when));
            Assert.Equal(
                (view.Version, view.Stage.Name, view.Points.Available, view.Points.Pending, view.Points.Held,
                    view.NextChangeAt),
                (status.Known.Status.Version, status.Known.Status.Stage, status.Known.Status.Available,
                    status.Known.Status.Pending, status.Known.Status.Held, status.Known.Status.NextChangeAt));
            Assert.Equal(
                (view.Points.Expiring[0].Points, view.Points.Expiring[0].ExpiresAt), status.Known.Status.NextExpiry);
            Assert.Null(status.Customer);
        }

        Assert.Equal(receipt.NextChangeAt, (await StatusAsync(ann)).Known.Status.NextChangeAt);
        // By then the points have matured.
        Assert.Equal(139, (await StatusAsync(ann, new(Now.PlusDays(20), null))).Known.Status.Available);
    }

    [Fact]
    public async Task Every_number_is_explained_to_the_last_point()
    {
        var ann = Id("ann");
        await TakeAsync(ann, Asked.Adjust("a", Now, 40));
        await TakeAsync(ann, Asked.Redeem("r", Now, 15));
        await TakeAsync(ann, Asked.Order("o", Now, 9_900));
        var view = await ViewAsync(ann);
        foreach (var (field, value) in new (string, decimal)[]
        {
            ("points.available", view.Points.Available), ("points.pending", view.Points.Pending),
            ("points.lifetime.redeemed", view.Points.Lifetime.Redeemed),
            ("metrics.monetary_minor", view.Metrics.MonetaryMinor), ("metrics.frequency", view.Metrics.Frequency),
        })
        {
            var explained = await Customers.ExplainAsync(ann, field, PointInTime.Now, 9, Cancel);
            Assert.Equal((field, value, 3L), (explained!.Field, explained.Value, explained.Version));
            Assert.NotEmpty(explained.Contributions);
        }

        var available = await Customers.ExplainAsync(ann, "points.available", PointInTime.Now, 1, Cancel);
        Assert.Equal((2, 2, -15), (
            available!.Count, Assert.Single(available.Contributions).Seq, available.Contributions[0].Amount));
        Assert.Equal(
            "New", (await Customers.ExplainAsync(ann, "stage.name", PointInTime.Now, 1, Cancel))!.Text);
        // Every field is known to every host.
        foreach (var field in Explainer.Fields.Where(field => !field.Contains("[n]", StringComparison.Ordinal)))
        {
            if (!field.Contains(".n", StringComparison.Ordinal))
                Assert.NotNull(await Customers.ExplainAsync(ann, field, PointInTime.Now, 1, Cancel));
        }

        var wrong = await Assert.ThrowsAsync<ArgumentException>(
            () => Customers.ExplainAsync(ann, "points.avilable", PointInTime.Now, 1, Cancel));
        Assert.Contains("points.available", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_come_newest_first_in_pages_with_what_was_sealed()
    {
        var ann = Id("ann");
        await TakeAsync(ann, Asked.Adjust("a", Now, 40));
        await TakeAsync(ann, Asked.Redeem("r", Now, 15, "between us"));
        var order = Asked.Order("o", Now, 9_900);
        var secret = Encoding.UTF8.GetBytes("{\"name\":\"Ann\"}");
        await TakeAsync(ann, order with { Data = order.Data with { Private = secret } });

        var page = await Customers.EntriesAsync(ann, long.MaxValue, 2, Cancel);
        Assert.Equal([3, 2], page!.Select(entry => entry.Seq));
        Assert.Equal(secret, Assert.IsType<Input.Event>(page![0].Input).Data.Private.ToArray());
        Assert.Equal("between us", Assert.IsType<Input.RedeemPoints>(page[1].Input).Note);
        var rest = await Customers.EntriesAsync(ann, 2, 9, Cancel);
        Assert.Equal(1, Assert.Single(rest!).Seq);
        Assert.Empty((await Customers.EntriesAsync(ann, 1, 9, Cancel))!);
        var own = await Customers.OwnEntriesAsync(ann, long.MaxValue, 9, Cancel);
        Assert.Equal([3, 2, 1], own!.Select(entry => entry.Seq));
        Assert.Equal(Accepted(await SendAsync(ann, page[1].Input)).Receipt.Available, page[1].After.Available);
    }

    [Fact]
    public async Task An_alias_is_answered_for_by_its_customer_by_name()
    {
        var (ann, card, before) = (Id("ann"), Id("card"), Now);
        await TakeAsync(ann, Asked.Adjust("a", Now, 40));
        await TakeAsync(card, Asked.Adjust("b", Now, 2));
        Accepted(await MergeAsync(ann, card));

        var (view, status) = (await ViewAsync(card), await StatusAsync(card));
        Assert.Equal((ann, 42), (view.Customer, view.Points.Available));
        Assert.Equal([card], view.Aliases);
        Assert.Equal((ann, 42), (status.Customer, status.Known.Status.Available));
        Assert.Equal(ann, (await Customers.ExtentAsync(card, PointInTime.Now, Cancel))!.Customer);
        var explained = await Customers.ExplainAsync(card, "points.available", PointInTime.Now, 9, Cancel);
        Assert.Equal((ann, 42m), (explained!.Customer, explained.Value));
        var entries = await Customers.EntriesAsync(card, long.MaxValue, 9, Cancel);
        Assert.Equal(view.Version, entries![0].Seq);
        Assert.Equal("a", entries[^1].Input.Id);
        Assert.Equal("b", (await Customers.OwnEntriesAsync(card, long.MaxValue, 9, Cancel))![^1].Input.Id);
        // Under its own id a customer is not named.
        Assert.Null((await ViewAsync(ann)).Customer);
        Assert.Null((await StatusAsync(ann)).Customer);
        Assert.Null((await Customers.ExtentAsync(ann, PointInTime.Now, Cancel))!.Customer);
        // Before anything of it was decided, nothing was known of it.
        Assert.Null(await Customers.ViewAsync(card, new(before.PlusDays(-1), null), Cancel));
    }
}
