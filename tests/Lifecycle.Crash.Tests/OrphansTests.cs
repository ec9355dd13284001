using System.Diagnostics;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Crash.Tests;

public sealed class OrphansTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_ends_when_its_starter_is_gone_even_while_it_is_stopped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere nobody watches.");
        using var command = Start("sleep", "60");
        await Signals.StopAsync(command.Id);
        // As the kernel does with what belonged to a process that was killed.
        command.StandardInput.Close();
        await command.WaitForExitAsync(Cancel).WaitAsync(Patience, Cancel);
        Assert.Equal(128 + 9, command.ExitCode);
    }

    [Fact]
    public async Task A_command_that_ends_by_itself_is_left_its_exit_code()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere nobody watches.");
        using var command = Start("sh", "-c", "cat; echo \"$0 $1\"; exit 7", "one two", "three");
        // All of its output has come: who watches does not hold it open.
        var output = await command.StandardOutput.ReadToEndAsync(Cancel);
        Assert.Equal("one two three\n", output);
        await command.WaitForExitAsync(Cancel).WaitAsync(Patience, Cancel);
        Assert.Equal(7, command.ExitCode);
    }

    private static Process Start(params string[] command)
    {
        var watched = Orphans.End(command);
        return Process.Start(
            new ProcessStartInfo(watched[0], watched.Skip(1))
            {
                RedirectStandardInput = true, RedirectStandardOutput = true,
            })!;
    }
}
