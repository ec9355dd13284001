using System.Buffers;
using System.IO.Pipelines;
using Lifecycle.Domain.Customers;
using Lifecycle.Engine;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Customers;

/// <summary>
/// The answer that is asked for most, written without a serializer: the same bytes as <see cref="StatusWire"/>.
/// </summary>
internal static class StatusAnswer
{
    /// <summary>Says that a memo is there: a tag may be zero.</summary>
    private const long Tagged = 1L << 32;

    /// <summary>One for each thread, given back when what is in it was sent.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    public static Task WriteAsync(HttpContext http, EntityTags tags, string asked, StatusReading reading)
    {
        var bytes = _spare ?? new(512);
        _spare = null;
        var customer = reading.Customer ?? asked;
        ref readonly var status = ref reading.Known.Status;
        var tag = tags.TagOf(status.Version, HashOf(customer, reading, bytes));
        if (EntityTags.IsKnown(http, tag))
        {
            Spare(bytes);
            return Task.CompletedTask;
        }

        var json = new JsonText(bytes);
        Write(ref json, customer, in status);
        json.Time(reading.AsOf);
        json.Raw("}"u8);
        json.Flush();
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = bytes.WrittenCount;
        var sending = http.Response.BodyWriter.WriteAsync(bytes.WrittenMemory);
        if (!sending.IsCompletedSuccessfully) return SendAsync(sending, bytes);
        sending.GetAwaiter().GetResult();
        Spare(bytes);
        return Task.CompletedTask;
    }

    private static async Task SendAsync(ValueTask<FlushResult> sending, ArrayBufferWriter<byte> bytes)
    {
        await sending;
        Spare(bytes);
    }

    private static void Spare(ArrayBufferWriter<byte> bytes)
    {
        bytes.ResetWrittenCount();
        _spare = bytes;
    }

    /// <summary>All but the instant.</summary>
    private static void Write(ref JsonText json, string customer, in CustomerStatus status)
    {
        json.Raw("{\"customer\":"u8);
        json.Text(customer);
        json.Raw(",\"version\":"u8);
        json.Whole(status.Version);
        json.Raw(",\"stage\":"u8);
        json.Text(status.Stage);
        json.Raw(",\"available\":"u8);
        json.Whole(status.Available);
        json.Raw(",\"pending\":"u8);
        json.Whole(status.Pending);
        json.Raw(",\"held\":"u8);
        json.Whole(status.Held);
        json.Raw(",\"next_expiry\":"u8);
        if (status.NextExpiry is { } next)
        {
            json.Raw("{\"points\":"u8);
            json.Whole(next.Points);
            json.Raw(",\"at\":"u8);
            json.Time(next.At);
            json.Raw("}"u8);
        }
        else
        {
            json.Null();
        }

        json.Raw(",\"next_change_at\":"u8);
        json.Time(status.NextChangeAt);
        json.Raw(",\"as_of\":"u8);
    }

    /// <summary>Hashed once for as long as it stays the same, unless the name is another than the customer's own.</summary>
    private static uint HashOf(string customer, StatusReading reading, ArrayBufferWriter<byte> bytes)
    {
        var isOwn = reading.Customer is null;
        if (isOwn && reading.Known.Memo is var memo and not 0) return (uint)memo;
        var json = new JsonText(bytes);
        Write(ref json, customer, in reading.Known.Status);
        json.Null();
        json.Raw("}"u8);
        json.Flush();
        var hash = EntityTags.HashOf(bytes.WrittenSpan);
        bytes.ResetWrittenCount();
        if (isOwn) reading.Known.Memo = Tagged | hash;
        return hash;
    }
}
