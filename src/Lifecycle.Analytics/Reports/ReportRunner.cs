using System.Collections.Immutable;
using Lifecycle.Analytics.Rfm;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Store;

namespace Lifecycle.Analytics.Reports;

/// <summary>Every report there is, and how to run one.</summary>
public sealed class ReportRunner(IStore store, TimeProvider clock)
{
    /// <summary>What can be asked for, by name.</summary>
    public static readonly ImmutableArray<ReportDefinition> Catalogue = [RfmReport.Definition];

    /// <summary>Null for a name that is not in the <see cref="Catalogue"/>.</summary>
    /// <exception cref="StoreException">The journal cannot be read.</exception>
    public async Task<ReportTable?> RunAsync(string name, PointInTime when, CancellationToken cancel)
    {
        var asOf = when.AsOf ?? Instant.From(clock.GetUtcNow());
        var knownAt = when.KnownAt ?? Instant.Never;
        if (name == RfmReport.Definition.Name) return await RfmFeed.RunAsync(store, asOf, knownAt, cancel);
        return null;
    }
}
