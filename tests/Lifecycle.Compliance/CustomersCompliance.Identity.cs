using Lifecycle.Domain.Identity;
using Lifecycle.Engine;

namespace Lifecycle.Compliance;

/// <summary>Ids that become one customer, and leave again.</summary>
public abstract partial class CustomersCompliance
{
    [Fact]
    public async Task Merged_ids_are_one_customer_and_receipts_name_it()
    {
        var (ann, device, mail) = (Id("ann"), Id("device"), Id("mail"));
        await TakeAsync(ann, Asked.Order("1", Now, 10_000));
        await TakeAsync(device, Asked.Adjust("a", Now, 30));
        var joined = Accepted(await MergeAsync(ann, device));
        Assert.Equal((false, 2L, null, 30L, 100L), (
            joined.Replayed, joined.Receipt.Version, joined.Receipt.Customer, joined.Receipt.Available,
            joined.Receipt.Pending));
        // Linking: nothing was ever recorded of it.
        Accepted(await MergeAsync(device, mail));

        var receipt = await TakeAsync(mail, Asked.Visit("v", Now));
        Assert.Equal((ann, 4), (receipt.Customer, receipt.Version));
        var ids = await Customers.IdentityAsync(mail, Cancel);
        Assert.Equal(ann, ids!.Customer);
        Assert.Equal([(device, null), (mail, null)], ids.Aliases.Select(alias => (alias.Id, alias.Through)));
        foreach (var id in new[] { ann, device, mail })
        {
            var view = await ViewAsync(id);
            Assert.Equal((1, 1, 30), (Lifetime(view).Orders, Lifetime(view).Visits, view.Points.Available));
            Assert.Equal([device, mail], view.Aliases);
        }

        Assert.Empty((await Customers.IdentityAsync(await NewAsync("lone"), Cancel))!.Aliases);
    }

    [Fact]
    public async Task A_merge_that_is_repeated_gets_its_receipt_and_what_is_one_already_is_success()
    {
        var (ann, bob) = (await NewAsync("ann"), await NewAsync("bob"));
        var request = new LinkRequest("desk", "same", Now, IfMatch: 1);
        var first = Accepted(await Customers.MergeAsync(ann, bob, request, Cancel)).Receipt;
        await TakeAsync(ann, Asked.Visit("more", Now));

        var again = Accepted(await Customers.MergeAsync(ann, bob, request, Cancel));
        Assert.True(again.Replayed);
        AssertSame(first, again.Receipt);
        Assert.IsType<Outcome.IdReused>(await Customers.MergeAsync(ann, Id("eve"), request, Cancel));
        foreach (var (into, from) in new[] { (ann, bob), (bob, ann) })
        {
            var one = Accepted(await MergeAsync(into, from));
            Assert.Equal((true, 3, into == ann ? null : ann), (
                one.Replayed, one.Receipt.Version, one.Receipt.Customer));
        }

        Assert.Equal(3, Assert.IsType<Outcome.Stale>(
            await Customers.MergeAsync(ann, Id("eve"), request with { Id = "new" }, Cancel)).Version);
        Assert.Equal(3, await VersionAsync(ann));
    }

    [Fact]
    public async Task What_cannot_be_merged_or_parted_is_refused_and_changes_nothing()
    {
        var (ann, bob) = (await NewAsync("ann"), await NewAsync("bob"));
        AssertRefused("same_id", 1, false, await MergeAsync(ann, ann));
        Assert.Equal(0, Assert.IsType<Outcome.Refused>(await MergeAsync(Id("x"), Id("y"))).Version);
        Assert.Equal(0, Assert.IsType<Outcome.Refused>(await UnmergeAsync(Id("x"), ann)).Version);
        var request = new LinkRequest("desk", "no", Now);
        AssertRefused("not_an_alias", 2, false, await Customers.UnmergeAsync(ann, bob, request, Cancel));
        AssertRefused("not_an_alias", 2, true, await Customers.UnmergeAsync(ann, bob, request, Cancel));
        AssertRefused(
            "not_an_alias", 2, false,
            await Customers.UnmergeAsync(ann, ann, request with { Id = "nor", Keyed = false }, Cancel));
        Assert.Equal(
            2, Assert.IsType<Outcome.Stale>(await Customers.UnmergeAsync(
                ann, bob, request with { Id = "stale", IfMatch = 1 }, Cancel)).Version);
        Assert.Equal((2, 1), (await VersionAsync(ann), await VersionAsync(bob)));
        Assert.Equal(0, await VersionAsync(Id("x")));
    }

    [Fact]
    public async Task An_alias_that_leaves_takes_along_what_is_its_own()
    {
        var (a, b, c) = (Id("a"), Id("b"), Id("c"));
        await TakeAsync(a, Asked.Adjust("1", Now, 1));
        await TakeAsync(b, Asked.Adjust("2", Now, 20));
        await TakeAsync(c, Asked.Adjust("3", Now, 300));
        Accepted(await MergeAsync(b, a));
        Accepted(await MergeAsync(c, b));
        Assert.Equal(
            [(a, b), (b, null)],
            (await Customers.IdentityAsync(a, Cancel))!.Aliases.Select(alias => (alias.Id, alias.Through)));
        Assert.Equal(c, (await TakeAsync(a, Asked.Adjust("4", Now, 4_000))).Customer);

        Assert.Equal("alias_nested", Assert.IsType<Outcome.Refused>(await UnmergeAsync(c, a)).Code);
        var version = (await ViewAsync(c)).Version;
        var parted = Accepted(await UnmergeAsync(a, b)).Receipt;
        Assert.Equal((c, version + 1, 300), (parted.Customer, parted.Version, parted.Available));
        Assert.Equal((300, 4_021), ((await ViewAsync(c)).Points.Available, (await ViewAsync(a)).Points.Available));
        Assert.Equal((b, b), ((await ViewAsync(a)).Customer, (await Customers.IdentityAsync(a, Cancel))!.Customer));
        Accepted(await UnmergeAsync(b, a));
        // What came for it while it was one with the other stays there.
        Assert.Equal((4_020, 1), ((await ViewAsync(b)).Points.Available, (await ViewAsync(a)).Points.Available));
        Assert.Equal((a, 0), (
            (await Customers.IdentityAsync(a, Cancel))!.Customer, (await ViewAsync(a)).Aliases.Length));
    }

    [Fact]
    public async Task An_unmerge_that_is_repeated_gets_its_receipt()
    {
        var (ann, bob) = (await NewAsync("ann"), await NewAsync("bob"));
        Accepted(await MergeAsync(ann, bob));
        var request = new LinkRequest("desk", "part", Now);
        var first = Accepted(await Customers.UnmergeAsync(ann, bob, request, Cancel));
        await TakeAsync(ann, Asked.Visit("more", Now));
        var again = Accepted(await Customers.UnmergeAsync(ann, bob, request, Cancel));

        Assert.Equal((false, true), (first.Replayed, again.Replayed));
        AssertSame(first.Receipt, again.Receipt);
        Assert.Null((await ViewAsync(bob)).Customer);
        // And they can be one again.
        Assert.False(Accepted(await MergeAsync(ann, bob)).Replayed);
        Assert.Equal(ann, (await ViewAsync(bob)).Customer);
    }

    [Fact]
    public async Task No_input_counts_twice_whatever_id_it_comes_under()
    {
        var (ann, bob, old) = (Id("ann"), Id("bob"), Asked.Order("1", Now.PlusDays(-9), 10_000));
        var given = await TakeAsync(bob, old);
        await TakeAsync(ann, Asked.Visit("v", Now));
        Accepted(await MergeAsync(ann, bob));
        var later = Asked.Order("2", Now, 20_000);
        await TakeAsync(bob, later);
        for (var i = 0; i < 12; i++) await TakeAsync(ann, Asked.Visit($"v{i}", Now));

        foreach (var together in new[] { true, false })
        {
            foreach (var id in new[] { ann, bob })
            {
                var again = Accepted(await SendAsync(id, old));
                Assert.True(again.Replayed);
                AssertSame(given with { Customer = together && id == bob ? ann : null }, again.Receipt);
                Assert.True(Accepted(await SendAsync(id, later)).Replayed);
            }

            if (together) Accepted(await UnmergeAsync(ann, bob));
        }

        Assert.Equal((2, 0), (Lifetime(await ViewAsync(bob)).Orders, Lifetime(await ViewAsync(ann)).Orders));
        Assert.Equal((0, 13), (Lifetime(await ViewAsync(bob)).Visits, Lifetime(await ViewAsync(ann)).Visits));
    }

    [Fact]
    public async Task A_customer_has_so_many_ids_and_no_more()
    {
        var ann = await NewAsync("ann");
        for (var i = 1; i < IdentityLimits.IdsMax; i++) Accepted(await MergeAsync(ann, Id($"id-{i}")));
        var version = await VersionAsync(ann);
        AssertRefused("too_many_aliases", version, false, await MergeAsync(ann, Id("one more")));
        Assert.Equal(IdentityLimits.IdsMax - 1, (await ViewAsync(Id("id-7"))).Aliases.Length);
        Assert.Equal(version, await VersionAsync(ann));
        Assert.Null(await Customers.IdentityAsync(Id("one more"), Cancel));
    }

    private async Task<string> NewAsync(string name)
    {
        await TakeAsync(Id(name), Asked.Visit($"new {name}", Now));
        return Id(name);
    }
}
