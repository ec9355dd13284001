namespace Lifecycle.Web.Tests.Support;

/// <summary>One server for the tests of a class, each of which uses customers of its own.</summary>
public sealed class SharedSite : IAsyncLifetime
{
    public Site Site { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Site = await Site.StartAsync();

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
