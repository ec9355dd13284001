using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Store;

namespace Lifecycle.Web.Tests.Support;

/// <summary>
/// Records what is asked and fails for one customer: what the edge does with an outage cannot be seen with the real
/// ones.
/// </summary>
public sealed class FailingCustomers(ICustomers real, string failing, Exception fault) : ICustomers
{
    private readonly Lock _lock = new();

    /// <summary>Customers that inputs were applied to.</summary>
    public List<string> Applied { get; } = [];

    /// <summary>Nothing fails any more.</summary>
    public bool IsWell { get; set; }

    public Task<ImmutableArray<Outcome>> ApplyAsync(
        string customer, IReadOnlyList<Delivery> deliveries, CancellationToken cancel)
    {
        lock (_lock) Applied.Add(customer);
        return customer == failing && !IsWell ? throw fault : real.ApplyAsync(customer, deliveries, cancel);
    }

    public async Task ApplyAsync(IReadOnlyList<CustomerInputs> customers, CancellationToken cancel)
    {
        foreach (var inputs in customers)
        {
            try
            {
                inputs.Outcomes = await ApplyAsync(inputs.Customer, inputs.Deliveries, cancel);
            }
            catch (Exception e)
            {
                inputs.Fault = e;
            }
        }
    }

    public Task<CustomerView?> ViewAsync(string customer, PointInTime when, CancellationToken cancel) =>
        customer == failing && !IsWell ? throw fault : real.ViewAsync(customer, when, cancel);

    public ValueTask<StatusReading?> StatusAsync(string customer, PointInTime when, CancellationToken cancel) =>
        customer == failing && !IsWell ? throw fault : real.StatusAsync(customer, when, cancel);

    public Task<Extent?> ExtentAsync(string customer, PointInTime when, CancellationToken cancel) =>
        real.ExtentAsync(customer, when, cancel);

    public Task<Explanation?> ExplainAsync(
        string customer, string field, PointInTime when, int limit, CancellationToken cancel) =>
        real.ExplainAsync(customer, field, when, limit, cancel);

    public Task<IReadOnlyList<Entry>?> EntriesAsync(
        string customer, long beforeSeq, int limit, CancellationToken cancel) =>
        real.EntriesAsync(customer, beforeSeq, limit, cancel);

    public Task<IReadOnlyList<Entry>?> OwnEntriesAsync(
        string customer, long beforeSeq, int limit, CancellationToken cancel) =>
        real.OwnEntriesAsync(customer, beforeSeq, limit, cancel);

    public Task<Outcome> MergeAsync(string into, string from, LinkRequest request, CancellationToken cancel) =>
        (into == failing || from == failing) && !IsWell
            ? throw fault
            : real.MergeAsync(into, from, request, cancel);

    public Task<Outcome> UnmergeAsync(
        string customer, string alias, LinkRequest request, CancellationToken cancel) =>
        real.UnmergeAsync(customer, alias, request, cancel);

    public Task<CustomerIds?> IdentityAsync(string customer, CancellationToken cancel) =>
        real.IdentityAsync(customer, cancel);

    public Task<WhatIfAnswer> WhatIfAsync(
        string customer, IReadOnlyList<Delivery> deliveries, PointInTime when, Instant? at, CancellationToken cancel) =>
        real.WhatIfAsync(customer, deliveries, when, at, cancel);

    public Task TickAsync(CustomerKey customer, CancellationToken cancel) => real.TickAsync(customer, cancel);
}
