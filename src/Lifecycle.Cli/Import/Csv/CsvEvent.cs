using System.Text.Json;

namespace Lifecycle.Cli.Import.Csv;

/// <summary>One event of one row or of the rows of a group.</summary>
/// <param name="data">Its data as JSON.</param>
internal sealed class CsvEvent(
    string id, string source, string type, string customer, DateTime at, byte[] data, IReadOnlyList<long> fileLines)
    : ImportEvent(at)
{
    public override string Id => id;

    public override string? Customer => customer;

    public override long FileLine => fileLines[0];

    public override int LineCount => fileLines.Count;

    public override IReadOnlyList<long> FileLines => fileLines;

    public override void WriteTo(Utf8JsonWriter json, string? currency)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("source", source);
        json.WriteString("type", type);
        json.WriteString("customer", customer);
        json.WriteString("occurred_at", OccurredAt);
        json.WritePropertyName("data");
        json.WriteRawValue(data);
        json.WriteEndObject();
    }
}
