using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Lifecycle.Analytics.Population;
using Lifecycle.Analytics.Reports;
using Lifecycle.Engine.Population;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Population;

/// <summary>Lines of a scan on their way out: no more is written than the network takes.</summary>
internal abstract class ScanAnswer(PipeWriter writer)
{
    /// <summary>Lines between two looks at whether the network still takes them: 64 KB of all columns.</summary>
    private const int LinesAtOnce = 32;

    /// <summary>
    /// Lines are made here: the writer of a chunked body may give less room than is asked for, and gives little.
    /// </summary>
    private readonly ArrayBufferWriter<byte> _lines = new();

    public abstract string MediaType { get; }

    /// <summary>Answers whether the client still reads.</summary>
    public async Task<bool> WriteAsync(IReadOnlyList<ScannedCustomer> page, CancellationToken cancel)
    {
        // Also of an empty page: a client who left is noticed so, however few are chosen.
        for (var i = 0; i == 0 || i < page.Count; i += LinesAtOnce)
        {
            WriteLines(_lines, page, i, Math.Min(page.Count, i + LinesAtOnce));
            if (!await SendAsync(cancel)) return false;
        }

        return true;
    }

    /// <summary>What comes before the first line of a scan that is not a continuation.</summary>
    public Task BeginAsync(CancellationToken cancel)
    {
        WriteNames(_lines);
        return SendAsync(cancel);
    }

    private async Task<bool> SendAsync(CancellationToken cancel)
    {
        var sent = await writer.WriteAsync(_lines.WrittenMemory, cancel);
        _lines.ResetWrittenCount();
        return !sent.IsCompleted;
    }

    protected virtual void WriteNames(IBufferWriter<byte> lines)
    {
    }

    protected abstract void WriteLines(
        IBufferWriter<byte> lines, IReadOnlyList<ScannedCustomer> page, int from, int to);

    /// <summary>RFC 4180, with a line of names.</summary>
    public sealed class Csv(PipeWriter writer, ImmutableArray<CustomerColumn> columns) : ScanAnswer(writer)
    {
        public override string MediaType => "text/csv; charset=utf-8";

        protected override void WriteNames(IBufferWriter<byte> lines) =>
            WriteLine(lines, columns.Select(column => new ReportCell.Text(column.Name)));

        protected override void WriteLines(
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
    public sealed class Json(PipeWriter writer, ImmutableArray<CustomerColumn> columns) : ScanAnswer(writer)
    {
        /// <summary>What comes before each value: names need no escapes.</summary>
        private readonly byte[][] _names =
            [.. columns.Select((column, i) => Encoding.UTF8.GetBytes($"{(i == 0 ? '{' : ',')}\"{column.Name}\":"))];

        public override string MediaType => "application/x-ndjson";

        protected override void WriteLines(
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
