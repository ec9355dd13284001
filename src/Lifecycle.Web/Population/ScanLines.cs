using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lifecycle.Analytics.Population;
using Lifecycle.Analytics.Reports;
using Lifecycle.Engine.Population;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Population;

/// <summary>The lines of a scan in one of its forms.</summary>
internal abstract class ScanLines
{
    public abstract string MediaType { get; }

    /// <summary>What comes before the first line.</summary>
    public virtual void WriteNames(IBufferWriter<byte> lines)
    {
    }

    /// <summary>Writes customers of a page, a line each.</summary>
    public abstract void Write(IBufferWriter<byte> lines, IReadOnlyList<ScannedCustomer> page, int from, int to);

    /// <summary>RFC 4180, with a line of names.</summary>
    public sealed class Csv(ImmutableArray<CustomerColumn> columns) : ScanLines
    {
        public override string MediaType => "text/csv; charset=utf-8";

        public override void WriteNames(IBufferWriter<byte> lines) =>
            WriteLine(lines, columns.Select(column => new ReportCell.Text(column.Name)));

        public override void Write(
            IBufferWriter<byte> lines, IReadOnlyList<ScannedCustomer> page, int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                var customer = page[i];
                WriteLine(lines, columns.Select(column => column.CellOf(customer)));
            }
        }

        private static void WriteLine(IBufferWriter<byte> lines, IEnumerable<ReportCell> cells)
        {
            using var line = new StringWriter(CultureInfo.InvariantCulture);
            ReportFormats.WriteCsvLine(line, cells);
            Encoding.UTF8.GetBytes(line.ToString(), lines);
        }
    }

    /// <summary>A JSON object a line; a missing value is null.</summary>
    public sealed class Json(ImmutableArray<CustomerColumn> columns) : ScanLines
    {
        /// <summary>What comes before each value: names need no escapes.</summary>
        private readonly byte[][] _names =
            [.. columns.Select((column, i) => Encoding.UTF8.GetBytes($"{(i == 0 ? '{' : ',')}\"{column.Name}\":"))];

        public override string MediaType => "application/x-ndjson";

        public override void Write(
            IBufferWriter<byte> lines, IReadOnlyList<ScannedCustomer> page, int from, int to)
        {
            var json = new JsonText(lines);
            for (var i = from; i < to; i++) WriteLine(ref json, page[i]);
            json.Flush();
        }

        private void WriteLine(ref JsonText json, ScannedCustomer customer)
        {
            for (var i = 0; i < _names.Length; i++)
            {
                json.Raw(_names[i]);
                switch (columns[i])
                {
                    case CustomerColumn.Whole whole when whole.Read(customer.View) is { } value:
                        json.Whole(value);
                        break;
                    case CustomerColumn.Time time when time.Read(customer.View) is { } at:
                        json.Time(at, trimmed: false);
                        break;
                    case CustomerColumn.Text text:
                        json.Text(text.Read(customer));
                        break;
                    case CustomerColumn.Number number when number.Read(customer.View) is { } value:
                        json.Number((decimal)value);
                        break;
                    case CustomerColumn.Whole or CustomerColumn.Time or CustomerColumn.Number:
                        json.Null();
                        break;
                    default:
                        throw new UnreachableException($"A column of type {columns[i].GetType()} has no JSON.");
                }
            }

            json.Raw("}\n"u8);
        }
    }
}
