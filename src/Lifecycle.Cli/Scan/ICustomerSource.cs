namespace Lifecycle.Cli.Scan;

/// <summary>Where the customers of a scan come from: a server's address, or a cluster that the program is a client of.</summary>
internal interface ICustomerSource : IAsyncDisposable
{
    /// <summary>
    /// All customers at one cut, each once, a page of whole lines at a time. What breaks off on the way goes on by
    /// itself at the same cut.
    /// </summary>
    /// <exception cref="CommandFailedException">It cannot be had; the message says what to do.</exception>
    IAsyncEnumerable<ScanPage> ScanAsync(ScanRequest request, CancellationToken cancel);
}

/// <summary>What a scan is for.</summary>
/// <param name="Filter">A condition over <c>customer.*</c>; null for everybody.</param>
/// <param name="Columns">Names in their order; null for all.</param>
/// <param name="Format"><see cref="Csv"/>, which begins with a line of names, or <see cref="NdJson"/>.</param>
/// <param name="Lanes">Parts that are read at once, where there are several.</param>
internal sealed record ScanRequest(string? Filter, IReadOnlyList<string>? Columns, string Format, int Lanes)
{
    public const string Csv = "csv";
    public const string NdJson = "ndjson";
}

/// <param name="Lines">UTF-8, whole lines.</param>
/// <param name="Customers">How many there are in them.</param>
internal readonly record struct ScanPage(ReadOnlyMemory<byte> Lines, int Customers);
