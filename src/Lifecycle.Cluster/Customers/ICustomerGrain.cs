namespace Lifecycle.Cluster.Customers;

/// <summary>
/// The actor of one customer, wherever it lives; its key is the customer's. What the members mean is said at
/// <see cref="Engine.Hosting.HostedCustomers"/>, which is the only one that calls them.
/// </summary>
[Alias("lifecycle.customer")]
internal interface ICustomerGrain : IGrainWithGuidKey
{
    [Alias("apply")]
    Task<ApplyAnswer> ApplyAsync(ApplyCall call);

    [Alias("head")]
    Task<HeadAnswer> HeadAsync();

    [Alias("status")]
    Task<StatusAnswer> StatusAsync();

    [Alias("tick")]
    Task<TickAnswer> TickAsync();
}
