using Lifecycle.Cluster.Customers;

namespace Lifecycle.Cluster.Scan;

/// <summary>
/// Reads a part of all customers for a client of the cluster. Each part of each scan has a grain of its own, under a key
/// that the client makes up, so that they are read in all processes at once.
/// </summary>
[Alias("lifecycle.scan")]
internal interface IScanGrain : IGrainWithGuidKey
{
    /// <summary>The cut of a scan that begins now, and what comes before its first line.</summary>
    [Alias("begin")]
    Task<ScanBegun> BeginAsync(ScanCall call);

    /// <summary>The lines of a part, or why they end early.</summary>
    [Alias("read")]
    IAsyncEnumerable<ScanLinesPage> ReadAsync(ScanCall call, ScanPart part, CancellationToken cancel);
}

/// <param name="Filter">A condition over <c>customer.*</c>; null for everybody.</param>
/// <param name="Columns">Names with commas between them; null for all.</param>
/// <param name="Format"><c>csv</c> or <c>ndjson</c>.</param>
[GenerateSerializer, Immutable, Alias("lifecycle.scan_call")]
internal sealed record ScanCall(
    [property: Id(0)] string? Filter, [property: Id(1)] string? Columns, [property: Id(2)] string Format);

/// <param name="Cut">What all lines are true for.</param>
/// <param name="Share">Which part of the keys, of <paramref name="Shares"/>.</param>
/// <param name="Shares">How many parts there are.</param>
/// <param name="After">The customer to go on behind; null to begin.</param>
[GenerateSerializer, Immutable, Alias("lifecycle.scan_part")]
internal sealed record ScanPart(
    [property: Id(0)] string Cut, [property: Id(1)] int Share, [property: Id(2)] int Shares,
    [property: Id(3)] Guid? After);

/// <param name="Cut">Null where it cannot begin.</param>
/// <param name="Names">What comes before the first line.</param>
/// <param name="Fault">Why it cannot.</param>
[GenerateSerializer, Immutable, Alias("lifecycle.scan_begun")]
internal sealed record ScanBegun(
    [property: Id(0)] string? Cut, [property: Id(1)] byte[] Names, [property: Id(2)] Fault? Fault)
{
    public static ScanBegun Of(Fault fault) => new(null, [], fault);
}

/// <param name="Lines">UTF-8, whole lines.</param>
/// <param name="Customers">How many there are in them.</param>
/// <param name="Last">The last of them; null where there is none.</param>
/// <param name="Fault">Why no more comes, though it is not the end.</param>
[GenerateSerializer, Immutable, Alias("lifecycle.scan_lines")]
internal sealed record ScanLinesPage(
    [property: Id(0)] byte[] Lines, [property: Id(1)] int Customers, [property: Id(2)] Guid? Last,
    [property: Id(3)] Fault? Fault)
{
    public static ScanLinesPage Of(Fault fault) => new([], 0, null, fault);
}
