using System.CommandLine;
using Lifecycle.Cli.Output;
using Lifecycle.Engine.Programs;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle program</c>: work on program documents, and on those of a server.</summary>
internal static partial class ProgramCommand
{
    public static Command Build(GlobalOptions globals, Surroundings surroundings) =>
        new("program", "Programs: check, store, compare, activate, list.")
        {
            Check(globals, surroundings), Store(globals, surroundings), Diff(globals, surroundings),
            Activate(globals, surroundings), Withdraw(globals, surroundings), List(globals, surroundings),
        };

    private static Command Check(GlobalOptions globals, Surroundings surroundings)
    {
        var file = DocumentFile();
        var command = new Command(
            "check", "Say everything that is wrong with a document, with line and column. Needs no server.")
        {
            file,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(file);
            var result = ProgramDocument.Parse(await ReadAsync(path, cancel), version: 1);
            if (globals.Json(parsed)) WriteJson(surroundings.Out, path.ToString(), result);
            else WriteText(surroundings.Out, path.ToString(), result);
            return result.Program is null ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static Argument<FileInfo> DocumentFile() =>
        new Argument<FileInfo>("FILE") { Description = "A program document (YAML)." }.AcceptExistingOnly();

    private static async Task<string> ReadAsync(FileInfo file, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllTextAsync(file.FullName, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The file cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>One error a line, in the form that editors jump to.</summary>
    private static void WriteText(TextWriter writer, string path, ProgramResult result)
    {
        foreach (var error in result.Errors) writer.WriteLine($"{path}:{error.Line}:{error.Column}: {error.Message}");
        if (result.Program is { } program) writer.WriteLine($"{path}: the program {program.Name} is valid");
    }

    private static void WriteJson(TextWriter writer, string path, ProgramResult result) => JsonOut.Write(writer, json =>
    {
        json.WriteStartObject();
        json.WriteString("file", path);
        json.WriteBoolean("valid", result.Program is not null);
        json.WriteStartArray("errors");
        foreach (var error in result.Errors)
        {
            json.WriteStartObject();
            json.WriteNumber("line", error.Line);
            json.WriteNumber("column", error.Column);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
