namespace Lifecycle.Postgres;

/// <summary>What a commit says of itself; one that does not agree with what is stored is refused.</summary>
/// <param name="Owner">
/// The token of the process that has the store to itself, or of the member of a cluster; null where it is shared.
/// </param>
/// <param name="Epoch">The history that this process knows.</param>
/// <param name="Writer">This process, made at random when it opened the store.</param>
/// <param name="Member">Which member of which cluster; null for none.</param>
internal sealed record StoreIdentity(Guid? Owner, Guid Epoch, Guid Writer, ClusterMember? Member = null);
