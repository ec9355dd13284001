using System.Buffers;
using System.Text.Json;
using Lifecycle.Engine;
using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Feed;

/// <summary>
/// The feed as server-sent events. A page is read only when the one before has gone out, so a slow reader costs one
/// page and is never buffered further.
/// </summary>
internal sealed class FeedStream(JournalFeed feed, TimeProvider time, ILogger logger)
{
    public const string MediaType = "text/event-stream";

    /// <summary>Entries that are in memory for one reader: about 100 KiB.</summary>
    private const int PageMax = 100;

    /// <summary>Below the half minute after which proxies give up on a silent connection.</summary>
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    /// <summary>Then the reader comes back with its cursor, and its key is checked again.</summary>
    private static readonly TimeSpan LifeMax = TimeSpan.FromHours(1);

    /// <summary>Writes until the reader leaves, the life ends or the token is cancelled.</summary>
    /// <exception cref="FeedCursorException">The cursor cannot be read from; nothing was written.</exception>
    public async Task WriteAsync(HttpResponse response, string? cursor, CancellationToken cancel)
    {
        // Not cancelled by a stop: this is short, and what is wrong with the cursor can still be answered.
        var page = await feed.ReadAsync(cursor, PageMax, TimeSpan.Zero, response.HttpContext.RequestAborted);
        var since = time.GetTimestamp();
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        // Read by nginx and its kin, which would else hold entries back until their buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            response.BodyWriter.Write("retry: 2000\n\n"u8);
            while (true)
            {
                Write(response.BodyWriter, page);
                if ((await response.BodyWriter.FlushAsync(cancel)).IsCompleted) return;
                if (time.GetElapsedTime(since) >= LifeMax) return;
                page = await feed.ReadAsync(page.Cursor, PageMax, HeartbeatEvery, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The reader left, or the drain is over: whole events went out, and the reader knows the last one.
        }
        catch (Exception e) when (e is StoreException or UnavailableException)
        {
            // The stream ends; the reader comes back and is told what is wrong.
            WebLog.StreamEnded(logger, "the feed", e.Message);
        }
    }

    private static void Write(IBufferWriter<byte> writer, FeedPage page)
    {
        if (page.Items.Count == 0) writer.Write(": nothing new\n\n"u8);
        foreach (var item in page.Items)
        {
            writer.Write("id: "u8);
            writer.Write(System.Text.Encoding.ASCII.GetBytes(item.Cursor));
            writer.Write("\ndata: "u8);
            // JSON has no line breaks of its own, so that an event is one line of data.
            writer.Write(JsonSerializer.SerializeToUtf8Bytes(
                FeedEntryWire.Of(item), WireJson.Wire.FeedEntryWire));
            writer.Write("\n\n"u8);
        }
    }
}
