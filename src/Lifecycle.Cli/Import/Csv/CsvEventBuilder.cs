using System.Buffers;
using System.Text.Json;
using Lifecycle.Domain.Money;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Ingest;

namespace Lifecycle.Cli.Import.Csv;

/// <summary>
/// Makes events of rows. What the server would not understand is found here, so that it is in the report with its line
/// and not in the server's quarantine.
/// </summary>
/// <param name="now">The latest time that an event may have.</param>
internal sealed class CsvEventBuilder(CsvMap map, CsvTimes times, Instant now)
{
    private const int DefaultExponent = 2;
    private static readonly EventReaderLimits Limits = new(1, 1 << 20);

    private readonly CsvConversion _conversion = new(map, times);
    private readonly Dictionary<(string Customer, string Id), long> _ids = [];

    /// <summary>The rows as one event, or the problem of one of them.</summary>
    public (CsvEvent? Event, LineProblem? Problem) Build(IReadOnlyList<CsvRow> rows)
    {
        var row = rows[0];
        try
        {
            var (id, customer) = (IdOf(row), CustomerOf(row));
            var at = TimeOf(row);
            foreach (var other in rows.Skip(1))
            {
                row = other;
                if (CustomerOf(row) != customer)
                    throw new CsvRowException(
                        LineReasons.MixedCustomers, $"customer '{CustomerOf(row)}' where line {rows[0].FileLine} has '{customer}'");
                if (TimeOf(row) is var time && time < at) at = time;
            }

            row = rows[0];
            var type = CsvConversion.TextOf(map.Type, row, "type")
                ?? throw new CsvRowException(LineReasons.BadValue, "type: the column is empty");
            var data = DataOf(rows, ref row);
            row = rows[0];
            var made = new CsvEvent(
                id, map.Source, type, customer, at, data, [.. rows.Select(r => r.FileLine)]);
            if (ProblemOf(made) is { } problem) throw new CsvRowException(problem.Reason, problem.Detail);
            if (!_ids.TryAdd((customer, id), row.FileLine))
                throw new CsvRowException(LineReasons.IdTwice, $"line {_ids[(customer, id)]} has the id '{id}' too");
            return (made, null);
        }
        catch (CsvRowException wrong)
        {
            return (null, new(row.FileLine, "", wrong.Reason, wrong.Message));
        }
    }

    private string IdOf(CsvRow row)
    {
        var id = map.Id.Of(row) ?? throw new CsvRowException(LineReasons.BadId, "id: a column of it is empty");
        return Ids.Fault(id) is { } fault ? throw new CsvRowException(LineReasons.BadId, $"id {fault}") : id;
    }

    private string CustomerOf(CsvRow row)
    {
        var customer = map.Customer.Of(row)
            ?? throw new CsvRowException(LineReasons.MissingCustomer, "customer: the column is empty");
        return Ids.Fault(customer) is { } fault
            ? throw new CsvRowException(LineReasons.BadCustomer, $"customer {fault}")
            : customer;
    }

    private DateTime TimeOf(CsvRow row)
    {
        var text = map.Time.Text.Of(row)
            ?? throw new CsvRowException(LineReasons.MissingTime, "time: the column is empty");
        return times.Parse(text, out var fault) ?? throw new CsvRowException(LineReasons.BadDate, $"time: {fault}");
    }

    private (string? Code, int Exponent) CurrencyOf(CsvRow row)
    {
        if (map.Currency is not { } currency) return (null, DefaultExponent);
        var code = currency.Of(row)
            ?? throw new CsvRowException(LineReasons.UnknownCurrency, "currency: the column is empty");
        return (code, Currencies.Find(code) ?? throw new CsvRowException(
            LineReasons.UnknownCurrency, $"currency: '{code}' is no code of ISO 4217 in capitals, such as EUR"));
    }

    private byte[] DataOf(IReadOnlyList<CsvRow> rows, ref CsvRow row)
    {
        var (code, exponent) = CurrencyOf(row);
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (code is not null && map.Data.Members.All(m => m.Name != "currency")) json.WriteString("currency", code);
        WriteMembers(json, map.Data, rows, rows[0], exponent, ref row);
        if (map.Items is { } items)
        {
            json.WriteStartArray("items");
            foreach (var item in rows)
            {
                row = item;
                json.WriteStartObject();
                WriteMembers(json, items, rows, item, exponent, ref row);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <param name="row">Left at the row whose value is being read: that is where a problem is.</param>
    private void WriteMembers(
        Utf8JsonWriter json, CsvObject of, IReadOnlyList<CsvRow> rows, CsvRow from, int exponent, ref CsvRow row)
    {
        foreach (var (name, node) in of.Members)
        {
            switch (node)
            {
                case CsvNode.Value value:
                    row = from;
                    _conversion.Write(json, name, value.Of, from, exponent);
                    break;
                case CsvNode.Nested nested:
                    json.WriteStartObject(name);
                    WriteMembers(json, nested.Object, rows, from, exponent, ref row);
                    json.WriteEndObject();
                    break;
                case CsvNode.Sum sum:
                    var member = (CsvNode.Value)map.Items!.Members.First(m => m.Name == sum.Member).Node;
                    var total = 0m;
                    foreach (var item in rows)
                    {
                        row = item;
                        total += _conversion.NumberOf(sum.Member, member.Of, item, exponent) ?? 0;
                    }

                    json.WriteNumber(name, total);
                    break;
            }
        }
    }

    private EventProblem? ProblemOf(CsvEvent made)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        made.WriteTo(json, null);
        json.Flush();
        return EventReader.Read(buffer.WrittenMemory, now, Limits).Events[0].Problem;
    }
}
