using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Engine.Store;

/// <summary>Where a journal ends: what to write down beside a backup.</summary>
/// <param name="Position">Of the last entry; as many entries there are.</param>
/// <param name="LastRecordedAt">When the last entry was taken in; null for an empty journal.</param>
public sealed record JournalEnd(long Position, long Customers, Instant? LastRecordedAt);

/// <summary>What became of a store that was put back by other means.</summary>
/// <param name="Adopted">False when violations were found and not accepted: then nothing was changed.</param>
/// <param name="Epoch">The new history's.</param>
/// <param name="HasKey">Whether the folder has the key; null for a store that keeps it elsewhere.</param>
public sealed record AdoptionSummary(
    bool Adopted, JournalEnd End, Hash16 Epoch, bool? HasKey, VerificationReport Report);
