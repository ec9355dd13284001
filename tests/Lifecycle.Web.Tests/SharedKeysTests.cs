using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Access;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

/// <summary>Keys that another process makes and revokes in the same store.</summary>
public sealed class SharedKeysTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_of_another_process_is_known_and_a_revoked_one_refused_after_the_next_reading()
    {
        await using var site = await Site.StartAsync(services: services => services.AddSingleton<IStore>(
            provider => new SharedStore(provider.GetRequiredService<LifecycleEngine>().Store)));
        var registry = site.Services.GetRequiredService<LifecycleEngine>().Store.Registry;
        var id = KeySecret.NewId();
        var (key, hash) = KeySecret.Make(id);
        site.Http.DefaultRequestHeaders.Authorization = new("Bearer", key);

        await registry.AddApiKeyAsync(new(id, "other", hash, [Roles.Admin], site.Clock.Now, null), Cancel);
        Assert.Equal(401, (await site.GetAsync("/v1/admin/keys")).Status);
        await UntilAsync(site, 200);
        Assert.True(await registry.RevokeApiKeyAsync(id, site.Clock.Now, Cancel));
        Assert.Equal(200, (await site.GetAsync("/v1/admin/keys")).Status);
        await UntilAsync(site, 401);
    }

    /// <summary>One period of the clock is enough; the reading that it starts takes a moment.</summary>
    private static async Task UntilAsync(Site site, int status)
    {
        site.Clock.Advance(KeyWatch.Every);
        var patience = DateTime.UtcNow.AddSeconds(20);
        while ((await site.GetAsync("/v1/admin/keys")).Status != status)
        {
            Assert.True(DateTime.UtcNow < patience, "The keys were not read again.");
            await Task.Delay(10, Cancel);
        }
    }

    /// <summary>The site's store, as if other processes had it too.</summary>
    private sealed class SharedStore(IStore inner) : IStore
    {
        public IJournal Journal => inner.Journal;
        public IProjection Projection => inner.Projection;
        public IRegistry Registry => inner.Registry;
        public IQuarantine Quarantine => inner.Quarantine;
        public bool IsShared => true;

        public Task<IReadOnlyList<StoredCustomer>> LoadAsync(
            IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel) =>
            inner.LoadAsync(customers, rowsMax, cancel);

        public Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel) =>
            inner.ConfirmOwnershipAsync(cancel);

        public Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel) =>
            inner.LockAsync(stripes, cancel);

        // The engine closes it.
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
