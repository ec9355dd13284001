using Lifecycle.Cli.Import.Csv;
using Lifecycle.Cli.Output;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Cli.Import;

/// <summary>What the file is and how it is read.</summary>
/// <param name="Map">For <see cref="Csv"/>.</param>
/// <param name="CountFree">For <see cref="Cdnow"/>.</param>
/// <param name="ShiftToNow">Times are moved to the present.</param>
internal sealed record ImportReading(
    FileInfo File, string Format, FileInfo? Map, bool CountFree, bool ShiftToNow, Surroundings Surroundings)
{
    public const string OnlineRetail = "online-retail";
    public const string Cdnow = "cdnow";
    public const string Csv = "csv";

    private CsvMap? _map;

    public async Task<ImportFile> ReadAsync(CancellationToken cancel)
    {
        var now = Surroundings.Clock.GetUtcNow();
        if (Format == Csv) _map = await ReadMapAsync(cancel);
        try
        {
            await using var stream = File.OpenRead();
            var progress = new Progress(Surroundings, "Reading", "bytes");
            var file = await progress.RunAsync(
                stream.Length, () => Task.Run(() => Read(stream, now, progress.Set, cancel), cancel));
            if (ShiftToNow) file.ShiftToNow(now);
            return file;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The file cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Writes what was not taken, of lines and of the server's answers.</summary>
    public void WriteProblems(string path, IReadOnlyList<LineProblem> problems)
    {
        if (_map is null)
        {
            ProblemsFile.Write(path, problems);
            return;
        }

        try
        {
            if (Path.GetFullPath(path) == Path.GetFullPath(File.FullName))
                throw new CommandFailedException("--problems names the file that is imported: name another.");
            using var stream = File.OpenRead();
            CsvReport.Write(path, stream, _map.Dialect, problems);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The problems file cannot be written: {failure.Message}", failure);
        }
    }

    private ImportFile Read(Stream stream, DateTimeOffset now, Action<long> report, CancellationToken cancel)
    {
        switch (Format)
        {
            case Cdnow:
                return CdnowFile.Read(stream, CountFree, report, cancel);
            case Csv:
                var errors = new DocumentErrors();
                // What will be moved to the present may be anywhere in time before.
                var latest = ShiftToNow ? new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero) : now;
                return CsvFile.Read(stream, _map!, Instant.From(latest), errors, report, cancel) ?? throw Wrong(errors);
            default:
                var read = OnlineRetailFile.Read(stream, report, cancel);
                return new(read.LinesRead, read.Invoices, read.Problems);
        }
    }

    private async Task<CsvMap> ReadMapAsync(CancellationToken cancel)
    {
        string text;
        try
        {
            text = await System.IO.File.ReadAllTextAsync(Map!.FullName, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The map cannot be read: {failure.Message}", failure);
        }

        var errors = new DocumentErrors();
        return CsvMapReader.Read(text, errors) ?? throw Wrong(errors);
    }

    /// <summary>One error a line, in the form that editors jump to.</summary>
    private CommandFailedException Wrong(DocumentErrors errors) => new(string.Join(
        '\n', errors.ToImmutable().Select(e => $"{Map}:{e.Line}:{e.Column}: {e.Message}")));
}
