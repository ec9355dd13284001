using Lifecycle.Engine.Store;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Compliance;

public abstract partial class StoreCompliance
{
    private IRegistry Registry => Store.Registry;

    [Fact]
    public async Task The_check_of_the_first_secret_is_kept()
    {
        Assert.Null(await Registry.ReadSecretCheckAsync(Cancel));
        Assert.Equal(Hash("one"), await Registry.KeepSecretCheckAsync(Hash("one"), Cancel));
        Assert.Equal(Hash("one"), await Registry.KeepSecretCheckAsync(Hash("other"), Cancel));
        Assert.Equal(Hash("one"), await Registry.ReadSecretCheckAsync(Cancel));
    }

    [Fact]
    public async Task A_lock_has_one_holder_at_a_time()
    {
        Task<IAsyncDisposable> waiting;
        await using (await Store.LockAsync([0, IStore.StripesMax - 1], Cancel))
        {
            waiting = Store.LockAsync([IStore.StripesMax - 1], Cancel);
            await (await Store.LockAsync([1], Cancel)).DisposeAsync();
            Assert.False(waiting.IsCompleted);
        }

        await (await waiting).DisposeAsync();
    }

    [Fact]
    public async Task Readable_ids_are_found_for_those_that_have_one()
    {
        var id = new NewCustomer(Customer("ann"), "李雷/\"quoted\" id", Start);
        await Journal.AppendAsync(Batch(Row("ann", 1), Row("bob", 1)) with { Customers = [id] }, Cancel);
        var ids = await Registry.ReadIdsAsync([Customer("ann"), Customer("bob"), Customer("cid")], Cancel);
        Assert.Equal([KeyValuePair.Create(Customer("ann"), id.Id)], ids);
        Assert.Empty(await Registry.ReadIdsAsync([], Cancel));
    }

    [Fact]
    public async Task Ids_are_read_from_one_key_to_another_in_their_order()
    {
        var names = Enumerable.Range(0, 30).Select(i => $"c{i}").OrderBy(Customer).ToArray();
        await Journal.AppendAsync(
            Batch(names.Select(n => Row(n, 1))) with { Customers = [.. names.Select(New)] }, Cancel);
        var read = await Registry.ReadIdsAsync(Customer(names[3]), Customer(names[20]), Cancel);
        Assert.Equal(names[3..21].Select(n => new KnownId($"id of {n}", Customer(n))), read);
        Assert.Empty(await Registry.ReadIdsAsync(Customer(names[20]), Customer(names[3]), Cancel));
    }

    [Fact]
    public async Task Ids_are_found_by_how_they_begin_page_by_page()
    {
        string[] names = ["anna", "Ann", "AN", "ann%", "ann_", "b", "annä", "aNN-2"];
        await Journal.AppendAsync(
            Batch(names.Select(n => Row(n, 1))) with
            {
                Customers = [.. names.Select(n => new NewCustomer(Customer(n), n, Start))],
            },
            Cancel);
        var seen = new List<KnownId>();
        while (await Registry.FindIdsAsync("aNn", seen.LastOrDefault(), 2, Cancel) is { Count: > 0 } page)
            seen.AddRange(page);

        Assert.Equal(["Ann", "ann%", "aNN-2", "ann_", "anna", "annä"], seen.Select(id => id.Id));
        Assert.All(seen, id => Assert.Equal(Customer(id.Id), id.Customer));
        Assert.Equal(8, (await Registry.FindIdsAsync("", null, 99, Cancel)).Count);
        Assert.Equal("annä", Assert.Single(await Registry.FindIdsAsync("annä", null, 9, Cancel)).Id);
    }

    [Fact]
    public async Task A_customer_written_again_keeps_its_first_id()
    {
        await Journal.AppendAsync(Batch(Row("ann", 1)) with { Customers = [New("ann")] }, Cancel);
        var again = New("ann") with { Id = "another" };
        var result = await Journal.AppendAsync(Batch(Row("ann", 2)) with { Customers = [again] }, Cancel);
        Assert.Empty(result.Conflicts);
        Assert.Equal("id of ann", (await Registry.ReadIdsAsync([Customer("ann")], Cancel))[Customer("ann")]);
    }

    [Fact]
    public async Task A_secret_reads_back_and_a_customer_without_one_has_none()
    {
        await Journal.AppendAsync(Batch(Row("ann", 1)) with { Secrets = [Secret("ann", "hush")] }, Cancel);
        Assert.Equal("hush", await SecretAsync("ann"));
        Assert.Null(await Registry.ReadSecretAsync(Customer("bob"), Cancel));
    }

    [Fact]
    public async Task Programs_are_numbered_from_one_and_listed_in_order()
    {
        Assert.Empty(await Registry.ReadProgramsAsync(Cancel));
        var first = await Registry.AddProgramAsync("program: a\nname: 积分\n", Start, Cancel);
        var second = await Registry.AddProgramAsync("program: b\n", Start.PlusDays(1), Cancel);
        Assert.Equal([1, 2], [first.Version, second.Version]);
        Assert.Equal([first, second], await Registry.ReadProgramsAsync(Cancel));
    }

    [Fact]
    public async Task A_document_is_stored_once()
    {
        var first = await Registry.AddProgramAsync("program: a\n", Start, Cancel);
        await Registry.AddProgramAsync("program: b\n", Start, Cancel);
        Assert.Equal(first, await Registry.AddProgramAsync("program: a\n", Start.PlusDays(1), Cancel));
        Assert.Equal(2, (await Registry.ReadProgramsAsync(Cancel)).Count);
    }

    [Fact]
    public async Task Activations_are_numbered_and_never_before_one_that_stands()
    {
        Assert.Empty((await Registry.ReadActivationsAsync(Cancel)).All);
        var first = await ActivateAsync(1, Start);
        var later = await ActivateAsync(2, Start.PlusDays(2));
        Assert.Null(await ActivateAsync(1, Start.PlusDays(1)));
        var same = await ActivateAsync(1, Start.PlusDays(2));
        Assert.Equal(new StoredActivation(1, 1, Start, Start.Plus(7), "api", null), first);
        Assert.Equal([first!, later!, same!], (await Registry.ReadActivationsAsync(Cancel)).All);
    }

    [Fact]
    public async Task A_withdrawn_activation_stays_in_the_list_and_in_nobodys_way()
    {
        var first = await ActivateAsync(1, Start);
        var later = await ActivateAsync(2, Start.PlusDays(2));
        Assert.True(await Registry.WithdrawActivationAsync(2, Start.PlusDays(1), Cancel));
        Assert.False(await Registry.WithdrawActivationAsync(2, Start.PlusDays(2), Cancel));
        Assert.False(await Registry.WithdrawActivationAsync(9, Start.PlusDays(2), Cancel));
        var sooner = await ActivateAsync(2, Start.PlusDays(1));
        Assert.Equal(3, sooner!.Id);
        Assert.Equal(
            [first!, later! with { WithdrawnAt = Start.PlusDays(1) }, sooner],
            (await Registry.ReadActivationsAsync(Cancel)).All);
    }

    [Fact]
    public async Task An_activation_for_as_soon_as_allowed_comes_after_the_delay_and_the_last_one()
    {
        await Registry.AddProgramAsync("program: a\n", Start, Cancel);
        var first = await ActivateAsync(1, Start);
        var soonest = await Registry.AddActivationAsync(1, null, Start.Plus(7), ActivationOrigins.Start, Cancel);
        Assert.True(soonest!.EffectiveAt >= Start.Plus(7).Plus(ActivationList.Delay));
        var later = await ActivateAsync(1, soonest.EffectiveAt.PlusDays(3));
        var last = await Registry.AddActivationAsync(1, null, Start.Plus(9), ActivationOrigins.Start, Cancel);
        Assert.Equal(later!.EffectiveAt, last!.EffectiveAt);
        var list = await Registry.ReadActivationsAsync(Cancel);
        Assert.Equal([first!, soonest, later, last], list.All);
        Assert.Equal((1, null), (list.Versions, list.Clock));
    }

    private Task<StoredActivation?> ActivateAsync(int version, Domain.Time.Instant at) =>
        Registry.AddActivationAsync(version, at, Start.Plus(7), ActivationOrigins.Api, Cancel);

    [Fact]
    public async Task An_api_key_reads_back_and_is_revoked_once()
    {
        var key = new StoredApiKey("k1", "till 4", new byte[] { 1, 2, 3 }, ["ingest", "member"], Start, null);
        await Registry.AddApiKeyAsync(key, Cancel);
        Assert.True(await Registry.RevokeApiKeyAsync("k1", Start.PlusDays(1), Cancel));
        Assert.False(await Registry.RevokeApiKeyAsync("k1", Start.PlusDays(2), Cancel));
        Assert.False(await Registry.RevokeApiKeyAsync("k2", Start, Cancel));
        var read = Assert.Single(await Registry.ReadApiKeysAsync(Cancel));
        Assert.Equal(("k1", "till 4", Start, Start.PlusDays(1)), (read.Id, read.Name, read.CreatedAt, read.RevokedAt));
        Assert.Equal(key.Hash.ToArray(), read.Hash.ToArray());
        Assert.Equal(key.Roles, read.Roles);
    }

    [Fact]
    public async Task A_first_api_key_is_made_only_where_none_ever_had_a_role_of_it()
    {
        var key = new StoredApiKey("k1", "till", new byte[] { 1 }, ["ingest"], Start, null);
        await Registry.AddApiKeyAsync(key, Cancel);
        Assert.True(await Registry.AddFirstApiKeyAsync(key with { Id = "k2", Roles = ["admin"] }, Cancel));
        Assert.True(await Registry.RevokeApiKeyAsync("k2", Start.PlusDays(1), Cancel));
        Assert.False(await Registry.AddFirstApiKeyAsync(key with { Id = "k3", Roles = ["admin"] }, Cancel));
        Assert.Equal(["k1", "k2"], (await Registry.ReadApiKeysAsync(Cancel)).Select(k => k.Id));
    }

    [Fact]
    public async Task An_api_key_id_is_used_once()
    {
        var key = new StoredApiKey("k1", "first", new byte[] { 1 }, [], Start, null);
        await Registry.AddApiKeyAsync(key, Cancel);
        await Assert.ThrowsAsync<StoreException>(() => Registry.AddApiKeyAsync(key with { Name = "second" }, Cancel));
        Assert.Equal("first", Assert.Single(await Registry.ReadApiKeysAsync(Cancel)).Name);
    }
}
