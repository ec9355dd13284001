using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lifecycle.Analytics.Population;
using Lifecycle.Analytics.Reports;
using Lifecycle.Engine.Population;

namespace Lifecycle.Web.Population;

/// <summary>Lines of a scan on their way out: no page is read before the one before was taken by the network.</summary>
internal abstract class ScanAnswer(PipeWriter writer, ImmutableArray<CustomerColumn> columns)
{
    private const int FlushBytes = 64 << 10;

    private ImmutableArray<string> Names { get; } = [.. columns.Select(column => column.Name)];

    public abstract string MediaType { get; }

    /// <summary>Answers whether the client still reads.</summary>
    public async Task<bool> WriteAsync(IReadOnlyList<ScannedCustomer> page, CancellationToken cancel)
    {
        foreach (var customer in page)
        {
            WriteLine(columns.Select(column => column.Read(customer)));
            if (writer.UnflushedBytes >= FlushBytes && (await writer.FlushAsync(cancel)).IsCompleted) return false;
        }

        return !(await writer.FlushAsync(cancel)).IsCompleted;
    }

    /// <summary>What comes before the first line of a scan that is not a continuation.</summary>
    public virtual void Begin()
    {
    }

    protected abstract void WriteLine(IEnumerable<ReportCell> cells);

    /// <summary>RFC 4180, with a line of names.</summary>
    public sealed class Csv(PipeWriter writer, ImmutableArray<CustomerColumn> columns) : ScanAnswer(writer, columns)
    {
        private readonly PipeWriter _writer = writer;

        public override string MediaType => "text/csv; charset=utf-8";

        public override void Begin() => WriteLine(Names.Select(name => new ReportCell.Text(name)));

        protected override void WriteLine(IEnumerable<ReportCell> cells)
        {
            using var line = new StringWriter(CultureInfo.InvariantCulture);
            ReportFormats.WriteCsvLine(line, cells);
            Encoding.UTF8.GetBytes(line.ToString(), _writer);
        }
    }

    /// <summary>A JSON object a line.</summary>
    public sealed class Json(PipeWriter writer, ImmutableArray<CustomerColumn> columns) : ScanAnswer(writer, columns)
    {
        private static readonly JsonWriterOptions Options = new()
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

        private readonly PipeWriter _writer = writer;

        public override string MediaType => "application/x-ndjson";

        protected override void WriteLine(IEnumerable<ReportCell> cells)
        {
            using (var json = new Utf8JsonWriter(_writer, Options)) ReportFormats.WriteJsonRow(json, Names, cells);
            _writer.Write("\n"u8);
        }
    }
}
