using System.Diagnostics;
using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Cluster;

/// <summary>The command line's own look at the store, beside the processes that use it.</summary>
internal static class StoreCheck
{
    public static async Task RunAsync(string connection, Faults faults, CancellationToken cancel)
    {
        var program = Path.Combine(
            ClusterProgram.Root ?? throw new InvalidOperationException("The sources are not here."), "lifecycle");
        using var verify = Process.Start(new ProcessStartInfo(program, ["verify", "--postgres", connection])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = verify.StandardOutput.ReadToEndAsync(cancel);
        var error = verify.StandardError.ReadToEndAsync(cancel);
        await verify.WaitForExitAsync(cancel);
        if (verify.ExitCode != 0)
            faults.Add($"lifecycle verify --postgres ended with {verify.ExitCode}: {await output} {await error}");
    }
}
