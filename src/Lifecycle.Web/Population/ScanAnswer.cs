using System.Buffers;
using System.IO.Pipelines;
using Lifecycle.Engine.Population;

namespace Lifecycle.Web.Population;

/// <summary>Lines of a scan on their way out: no more is written than the network takes.</summary>
internal sealed class ScanAnswer(PipeWriter writer, ScanLines form)
{
    /// <summary>Lines between two looks at whether the network still takes them: 64 KB of all columns.</summary>
    private const int LinesAtOnce = 32;

    /// <summary>
    /// Lines are made here: the writer of a chunked body may give less room than is asked for, and gives little.
    /// </summary>
    private readonly ArrayBufferWriter<byte> _lines = new();

    /// <summary>What comes before the first line of a scan that is not a continuation.</summary>
    public Task BeginAsync(CancellationToken cancel)
    {
        form.WriteNames(_lines);
        return SendAsync(cancel);
    }

    /// <summary>Answers whether the client still reads.</summary>
    public async Task<bool> WriteAsync(IReadOnlyList<ScannedCustomer> page, CancellationToken cancel)
    {
        // Also of an empty page: a client who left is noticed so, however few are chosen.
        for (var i = 0; i == 0 || i < page.Count; i += LinesAtOnce)
        {
            form.Write(_lines, page, i, Math.Min(page.Count, i + LinesAtOnce));
            if (!await SendAsync(cancel)) return false;
        }

        return true;
    }

    private async Task<bool> SendAsync(CancellationToken cancel)
    {
        var sent = await writer.WriteAsync(_lines.WrittenMemory, cancel);
        _lines.ResetWrittenCount();
        return !sent.IsCompleted;
    }
}
