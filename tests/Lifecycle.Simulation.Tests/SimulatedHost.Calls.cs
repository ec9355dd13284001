using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Store;

namespace Lifecycle.Simulation.Tests;

/// <summary>Each call of the port goes to the host's thread, and its answer comes back.</summary>
internal sealed partial class SimulatedHost : ICustomers
{
    public Task<ImmutableArray<Outcome>> ApplyAsync(
        string customer, IReadOnlyList<Delivery> deliveries, CancellationToken cancel) =>
        CallAsync((customers, token) => customers.ApplyAsync(customer, deliveries, token), cancel);

    public Task ApplyAsync(IReadOnlyList<CustomerInputs> inputs, CancellationToken cancel) =>
        CallAsync(
            async (customers, token) =>
            {
                await customers.ApplyAsync(inputs, token);
                return true;
            },
            cancel);

    public Task<CustomerView?> ViewAsync(string customer, PointInTime when, CancellationToken cancel) =>
        CallAsync((customers, token) => customers.ViewAsync(customer, when, token), cancel);

    public ValueTask<StatusReading?> StatusAsync(string customer, PointInTime when, CancellationToken cancel) =>
        new(CallAsync((customers, token) => customers.StatusAsync(customer, when, token).AsTask(), cancel));

    public Task<Extent?> ExtentAsync(string customer, PointInTime when, CancellationToken cancel) =>
        CallAsync((customers, token) => customers.ExtentAsync(customer, when, token), cancel);

    public Task<Explanation?> ExplainAsync(
        string customer, string field, PointInTime when, int limit, CancellationToken cancel) =>
        CallAsync((customers, token) => customers.ExplainAsync(customer, field, when, limit, token), cancel);

    public Task<IReadOnlyList<Entry>?> EntriesAsync(
        string customer, long beforeSeq, int limit, CancellationToken cancel) =>
        CallAsync((customers, token) => customers.EntriesAsync(customer, beforeSeq, limit, token), cancel);

    public Task<IReadOnlyList<Entry>?> OwnEntriesAsync(
        string customer, long beforeSeq, int limit, CancellationToken cancel) =>
        CallAsync((customers, token) => customers.OwnEntriesAsync(customer, beforeSeq, limit, token), cancel);

    public Task<Outcome> MergeAsync(string into, string from, LinkRequest request, CancellationToken cancel) =>
        CallAsync((customers, token) => customers.MergeAsync(into, from, request, token), cancel);

    public Task<Outcome> UnmergeAsync(string customer, string alias, LinkRequest request, CancellationToken cancel) =>
        CallAsync((customers, token) => customers.UnmergeAsync(customer, alias, request, token), cancel);

    public Task<CustomerIds?> IdentityAsync(string customer, CancellationToken cancel) =>
        CallAsync((customers, token) => customers.IdentityAsync(customer, token), cancel);

    public Task<WhatIfAnswer> WhatIfAsync(
        string customer, IReadOnlyList<Delivery> deliveries, PointInTime when, Instant? at, CancellationToken cancel) =>
        CallAsync((customers, token) => customers.WhatIfAsync(customer, deliveries, when, at, token), cancel);

    public Task TickAsync(CustomerKey customer, CancellationToken cancel) =>
        CallAsync(
            async (customers, token) =>
            {
                await customers.TickAsync(customer, token);
                return true;
            },
            cancel);
}
