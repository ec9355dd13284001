using System.ComponentModel;
using System.Diagnostics;

namespace Lifecycle.Server.Tests.Clients;

/// <summary>
/// A program of <c>tests/clients</c> with the packages it asks for, in a folder of its own. The test is skipped with
/// the reason where Node.js, npm or a package is not to be had.
/// </summary>
internal sealed class NodeClient : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-client-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<NodeClient> InstallAsync(string name)
    {
        var client = new NodeClient();
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(ProjectFiles.Root, "tests", "clients", name)))
                File.Copy(file, Path.Combine(client._folder, Path.GetFileName(file)));
            var (code, _, error) = await client.RunAsync(
                "npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts");
            Assert.SkipUnless(code == 0, $"npm cannot install the packages of tests/clients/{name}: {error.Trim()}");
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Runs a script; answers what it printed.</summary>
    public async Task<string> RunScriptAsync(string script, params string[] arguments)
    {
        var (code, output, error) = await RunAsync("node", [script, .. arguments]);
        Assert.True(code == 0, $"{script} ended with {code}: {error}");
        return output;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int Code, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Start(start);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            limit.CancelAfter(TimeSpan.FromMinutes(3));
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{start.FileName} is not installed.");
            throw;
        }
    }
}
