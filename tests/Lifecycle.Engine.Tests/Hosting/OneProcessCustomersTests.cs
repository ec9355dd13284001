using Lifecycle.Compliance;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Hosting;

/// <summary>What every host does, by one process over the embedded store.</summary>
public sealed class OneProcessCustomersTests(OneProcessCustomersTests.Shared shared)
    : CustomersCompliance, IClassFixture<OneProcessCustomersTests.Shared>
{
    protected override Task<CustomersHost> OpenAsync() => Task.FromResult(
        new CustomersHost(shared.Fixture.Customers, shared.Fixture.Engine.Secret, Running: null)
        {
            Clock = shared.Fixture.Clock, AdvanceAsync = shared.Fixture.AdvanceAsync,
        });

    /// <summary>One engine for all of the tests.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        public EngineFixture Fixture { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Fixture = await EngineFixture.OpenAsync(start: true);

        public async ValueTask DisposeAsync()
        {
            await Fixture.VerifyAsync();
            await Fixture.DisposeAsync();
        }
    }
}
