using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using Lifecycle.Analytics.Population;
using Lifecycle.Cli.Output;
using Lifecycle.Client;

namespace Lifecycle.Cli.Scan;

/// <summary>The customers of a server, by its API.</summary>
internal sealed class ServerCustomers(LifecycleClient api) : ICustomerSource
{
    private const int PageMax = 500;

    private static readonly JsonWriterOptions AsServed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async IAsyncEnumerable<ScanPage> ScanAsync(
        ScanRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var columns = request.Columns ?? [.. CustomerColumns.All.Select(column => column.Name)];
        var isCsv = request.Format == ScanRequest.Csv;
        if (isCsv) yield return new(Csv([columns]), 0);
        var page = new List<JsonObject>(PageMax);
        await foreach (var customer in api.ScanAsync(request.Filter, columns, cancel))
        {
            page.Add(customer);
            if (page.Count < PageMax) continue;
            yield return PageOf(page, columns, isCsv);
            page.Clear();
        }

        if (page.Count > 0) yield return PageOf(page, columns, isCsv);
    }

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ScanPage PageOf(List<JsonObject> customers, IReadOnlyList<string> columns, bool isCsv) => new(
        isCsv
            ? Csv(customers.Select(customer => columns.Select(name => TextOf(customer[name])).ToArray()))
            : NdJson(customers, columns),
        customers.Count);

    private static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    private static byte[] Csv(IEnumerable<IReadOnlyList<string>> records)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, leaveOpen: true))
        {
            foreach (var record in records) CsvOut.WriteRecord(csv, record);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>In the order that was asked for, and nothing else: the client asks for the customer's id too.</summary>
    private static ReadOnlyMemory<byte> NdJson(List<JsonObject> customers, IReadOnlyList<string> columns)
    {
        var lines = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(lines, AsServed);
        foreach (var customer in customers)
        {
            json.WriteStartObject();
            foreach (var name in columns)
            {
                json.WritePropertyName(name);
                if (customer[name] is { } value) value.WriteTo(json);
                else json.WriteNullValue();
            }

            json.WriteEndObject();
            json.Flush();
            lines.Write("\n"u8);
            json.Reset();
        }

        return lines.WrittenMemory;
    }
}
