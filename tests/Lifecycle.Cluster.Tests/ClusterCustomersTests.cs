using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Compliance;

namespace Lifecycle.Cluster.Tests;

/// <summary>What every host does, by two processes of a cluster: half of the customers are elsewhere.</summary>
public sealed class ClusterCustomersTests(ClusterCustomersTests.Shared shared, TestDatabase database)
    : CustomersCompliance, IClassFixture<ClusterCustomersTests.Shared>
{
    protected override async Task<CustomersHost> OpenAsync()
    {
        var engine = (await shared.OpenAsync(database)).Silos[0].Engine;
        return new(engine.Customers, engine.Secret, Running: null);
    }

    /// <summary>One cluster for all of the tests, started by the first.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        private TestCluster? _cluster;

        internal async Task<TestCluster> OpenAsync(TestDatabase database) =>
            _cluster ??= await TestCluster.StartAsync(database, silos: 2);

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            if (_cluster is not null) await _cluster.DisposeAsync();
        }
    }
}
