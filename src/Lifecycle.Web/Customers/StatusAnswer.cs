using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
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

    public static void Write(HttpContext http, string asked, StatusReading reading)
    {
        ref readonly var status = ref reading.Known.Status;
        var tag = TagOf(asked, reading);
        if (Versioned.IsKnown(http, tag)) return;
        http.Response.ContentType = "application/json; charset=utf-8";
        var json = new JsonText(http.Response.BodyWriter);
        Write(ref json, reading.Customer ?? asked, in status, reading.AsOf);
        http.Response.ContentLength = json.Written;
        json.Flush();
    }

    private static void Write(ref JsonText json, string customer, in CustomerStatus status, Instant asOf)
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
        json.Time(asOf);
        json.Raw("}"u8);
    }

    /// <summary>Hashed once for as long as it stays the same, unless the name is another than its own.</summary>
    private static string TagOf(string asked, StatusReading reading)
    {
        var version = reading.Known.Status.Version;
        var memo = reading.Customer is null ? reading.Known.Memo : 0;
        if (memo != 0) return Versioned.TagOf(version, (uint)memo);
        var hash = Versioned.HashOf(StatusWire.Of(asked, reading), WireJson.Wire.StatusWire);
        if (reading.Customer is null) reading.Known.Memo = Tagged | hash;
        return Versioned.TagOf(version, hash);
    }
}
