namespace Lifecycle.Engine.Verification;

/// <summary>
/// Proves the invariants of a running system: over the whole journal, and against the customers in memory, wherever
/// its host has them.
/// </summary>
public interface IVerifier
{
    /// <summary>Verifies up to the journal's head at this moment.</summary>
    /// <param name="progress">Told after every thousand customers.</param>
    /// <exception cref="Store.StoreException">The store could not be read.</exception>
    Task<VerificationReport> VerifyAsync(IProgress<VerificationProgress>? progress, CancellationToken cancel);
}
