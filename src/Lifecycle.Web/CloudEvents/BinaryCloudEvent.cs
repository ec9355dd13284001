using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Lifecycle.Web.CloudEvents;

/// <summary>
/// A CloudEvent in binary mode: attributes in headers <c>ce-…</c>, data as the body. It is written as one in structured
/// mode, which is what quarantine keeps of it.
/// </summary>
internal static class BinaryCloudEvent
{
    private const string Prefix = "ce-";

    public static bool IsAttribute(string header) => header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ProblemException">A header or the body cannot be read; it is named.</exception>
    public static ReadOnlyMemory<byte> ToStructured(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var buffer = new ArrayBufferWriter<byte>(body.Length + 512);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (var (header, values) in request.Headers)
            if (IsAttribute(header)) writer.WriteString(NameOf(header), ValueOf(header, values));
        if (request.ContentType is { Length: > 0 } contentType) writer.WriteString("datacontenttype", contentType);
        if (body.Length > 0) WriteData(writer, request.ContentType, body);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static string NameOf(string header)
    {
        var name = header[Prefix.Length..].ToLowerInvariant();
        return name switch
        {
            "datacontenttype" => throw Wrong(header, "must not be sent: in binary mode it is the Content-Type"),
            "data" or "data_base64" => throw Wrong(header, "must not be sent: in binary mode the data is the body"),
            _ => name,
        };
    }

    private static void WriteData(Utf8JsonWriter writer, string? contentType, ReadOnlyMemory<byte> body)
    {
        if (contentType is { Length: > 0 } && !DataContent.IsJson(contentType))
        {
            writer.WriteBase64String("data_base64", body.Span);
            return;
        }

        using var json = DataContent.ParseJson(body) ?? throw new ProblemException(
            ProblemCodes.MalformedJson, "The body is not JSON, as its Content-Type says. Nothing was taken.");
        writer.WritePropertyName("data");
        writer.WriteRawValue(body.Span, skipInputValidation: true);
    }

    private static string ValueOf(string header, StringValues values)
    {
        if (values is not [{ } value]) throw Wrong(header, "must be sent once");
        return Decode(Unquote(value)) ?? throw Wrong(header, "must be percent-encoded UTF-8");
    }

    /// <summary>A value may be a quoted string of HTTP; its quotes go first.</summary>
    private static string Unquote(string value)
    {
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"') return value;
        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length - 1; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length - 1) i++;
            text.Append(value[i]);
        }

        return text.ToString();
    }

    /// <summary>One round of percent-decoding; null when the bytes are no UTF-8.</summary>
    private static string? Decode(string value)
    {
        if (!value.Contains('%', StringComparison.Ordinal)) return value;
        var bytes = new ArrayBufferWriter<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '%' && i + 2 < value.Length
                && byte.TryParse(
                    value.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                bytes.Write([code]);
                i += 2;
            }
            else
            {
                var length = char.IsHighSurrogate(value[i]) && i + 1 < value.Length ? 2 : 1;
                bytes.Write(Encoding.UTF8.GetBytes(value.Substring(i, length)));
                i += length - 1;
            }
        }

        return Utf8.IsValid(bytes.WrittenSpan) ? Encoding.UTF8.GetString(bytes.WrittenSpan) : null;
    }

    private static ProblemException Wrong(string header, string message) =>
        ProblemException.Of(ProblemCodes.InvalidParameter, header, message);
}
