using System.Collections.Concurrent;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Hosting;

/// <summary>Customers whose journal cannot be folded: listed and reported, while the others go on.</summary>
public sealed class Isolation(ILogger<Isolation> logger)
{
    private readonly ConcurrentDictionary<CustomerKey, string> _customers = new();

    public IReadOnlyDictionary<CustomerKey, string> Customers => _customers;

    public string? Find(CustomerKey customer) =>
        !_customers.IsEmpty && _customers.TryGetValue(customer, out var reason) ? reason : null;

    public void Report(CustomerKey customer, Exception cause)
    {
        if (_customers.TryAdd(customer, cause.Message)) EngineLog.CustomerIsolated(logger, customer.ToString(), cause);
    }
}
