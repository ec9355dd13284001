using System.Text;

namespace Lifecycle.Cli.Scan;

/// <summary>Takes lines to the output, or to a file that has its name only when it is whole.</summary>
internal sealed class LinesFile : IAsyncDisposable
{
    private readonly TextWriter _writer;
    private readonly string? _file;

    private LinesFile(TextWriter writer, string? file) => (_writer, _file) = (writer, file);

    /// <param name="file">Null for <paramref name="output"/>, which stays open.</param>
    /// <exception cref="CommandFailedException">The file cannot be made.</exception>
    public static LinesFile Open(string? file, TextWriter output) =>
        file is null ? new(output, null)
        : Directory.Exists(file) ? throw new CommandFailedException($"{file} is a folder: --output names a file.")
        : new(Guarded(file, () => new StreamWriter(PartOf(file))), file);

    /// <param name="lines">UTF-8.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="CommandFailedException">They cannot be written.</exception>
    public Task WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel) => GuardedAsync(
        () => _writer.WriteAsync(Encoding.UTF8.GetString(lines.Span).AsMemory(), cancel));

    /// <summary>There is no more to come.</summary>
    public async Task CompleteAsync(CancellationToken cancel)
    {
        await GuardedAsync(() => _writer.FlushAsync(cancel));
        if (_file is null) return;
        await _writer.DisposeAsync();
        await GuardedAsync(() =>
        {
            File.Move(PartOf(_file), _file, overwrite: true);
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_file is null) return;
        try
        {
            await _writer.DisposeAsync();
            File.Delete(PartOf(_file));
        }
        catch (IOException)
        {
            // On a full disk its end cannot be written either, which was said.
        }
    }

    private async Task GuardedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(_file ?? "The output", failure);
        }
    }

    private static string PartOf(string file) => file + ".part";

    private static StreamWriter Guarded(string file, Func<StreamWriter> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(file, failure);
        }
    }

    private static CommandFailedException Failed(string file, Exception failure) =>
        new($"{file} cannot be written: {failure.Message}", failure);
}
