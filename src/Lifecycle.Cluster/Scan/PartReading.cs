using System.Buffers;
using System.Threading.RateLimiting;
using Lifecycle.Cluster.Customers;
using Lifecycle.Engine;
using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Population;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Feed;
using Lifecycle.Web.Population;
using Lifecycle.Web.Problems;

namespace Lifecycle.Cluster.Scan;

/// <summary>A part of a scan on its way to a client: among as many scans of the process as there may be.</summary>
internal sealed class PartReading(
    CustomerScan scan, StreamRoom room, ScanCall call, ScanPart part, CancellationToken cancel) : IAsyncDisposable
{
    private readonly ArrayBufferWriter<byte> _lines = new();
    private RateLimitLease? _place;
    private ScanLines? _form;
    private IAsyncEnumerator<IReadOnlyList<ScannedCustomer>>? _pages;

    /// <summary>The next page, why there is none, or null at the end.</summary>
    public async Task<ScanLinesPage?> NextAsync()
    {
        try
        {
            _pages ??= await BeginAsync();
            if (!await _pages.MoveNextAsync()) return null;
            var page = _pages.Current;
            _lines.ResetWrittenCount();
            _form!.Write(_lines, page, 0, page.Count);
            return new(_lines.WrittenSpan.ToArray(), page.Count, page is [.., var last] ? last.Key.ToGuid() : null, null);
        }
        catch (Exception e) when (FaultOf(e) is { } fault)
        {
            return ScanLinesPage.Of(fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_pages is not null) await _pages.DisposeAsync();
        _place?.Dispose();
    }

    public static byte[] NamesOf(ScanLines form)
    {
        var names = new ArrayBufferWriter<byte>();
        form.WriteNames(names);
        return names.WrittenSpan.ToArray();
    }

    /// <summary>What a client is told; null for what is none of its concern.</summary>
    public static Fault? FaultOf(Exception fault) => fault switch
    {
        UnavailableException e => Fault.Of(e),
        ProblemException e => new(e.Code.Code, e.Message, e.RetryAfter ?? TimeSpan.Zero),
        FeedCursorException e => new(e.Code, e.Message, TimeSpan.Zero),
        StoreException e => new(UnavailableCodes.Unavailable, e.Message, TimeSpan.FromSeconds(2)),
        _ => null,
    };

    private async Task<IAsyncEnumerator<IReadOnlyList<ScannedCustomer>>> BeginAsync()
    {
        _place ??= room.TakeScan();
        var question = ScanQuestion.Of(call.Filter, call.Columns, call.Format);
        _form = question.Lines;
        var cut = await scan.CutAsync(part.Cut, cancel);
        CustomerKey? after = part.After is { } key ? CustomerKeys.Of(key) : null;
        return scan.ReadAsync(cut, new(part.Share, part.Shares), after, question.Filter, cancel)
            .GetAsyncEnumerator(cancel);
    }
}
