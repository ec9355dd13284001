using Lifecycle.Cli.Tests.Import;
using Lifecycle.Engine.Programs;

namespace Lifecycle.Cli.Tests.Commands;

public sealed class ProgramCommandTests
{
    [Fact]
    public async Task A_valid_document_exits_0()
    {
        using var file = new TemporaryFile(ShippedPrograms.Default);

        var run = await CommandRun.OfAsync("program", "check", file.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("retail-default is valid", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_error_has_its_file_line_and_column()
    {
        using var file = new TemporaryFile(ShippedPrograms.Default + "\nno_such_key: 1\n");

        var text = await CommandRun.OfAsync("program", "check", file.Path);
        var json = await CommandRun.OfAsync("program", "check", file.Path, "--json");

        Assert.Equal((1, 1), (text.ExitCode, json.ExitCode));
        var error = Assert.Single(json.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal(
            $"{file.Path}:{error.GetProperty("line")}:{error.GetProperty("column")}: {error.GetProperty("message")}",
            text.Out.Trim());
        Assert.Equal(1, error.GetProperty("column").GetInt32());
    }
}
