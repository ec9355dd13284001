namespace Lifecycle.Engine.Hosting;

/// <summary>Merging and unmerging customers.</summary>
internal sealed partial class OneProcessCustomers
{
    public Task<Outcome> MergeAsync(string into, string from, LinkRequest request, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<Outcome> UnmergeAsync(
        string customer, string alias, LinkRequest request, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<Identity?> IdentityAsync(string customer, CancellationToken cancel) =>
        throw new NotSupportedException();
}
