using System.Diagnostics;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>Scripts of <c>tests/clients</c> with their packages, in a temporary folder.</summary>
internal sealed class NodeClients : IDisposable
{
    private static readonly TimeSpan InstallMax = TimeSpan.FromMinutes(2);

    private NodeClients(string folder) => Folder = folder;

    private string Folder { get; }

    /// <summary>Copies the scripts and installs what they need; skips the test where that cannot be done.</summary>
    public static async Task<NodeClients> InstallAsync(string name)
    {
        var clients = new NodeClients(Directory.CreateTempSubdirectory($"lifecycle-{name}-").FullName);
        foreach (var file in Directory.GetFiles(Path.Combine(ProjectFiles.Root, "tests", "clients", name)))
            File.Copy(file, Path.Combine(clients.Folder, Path.GetFileName(file)));
        string[] install =
            ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error"];
        try
        {
            using var npm = clients.Start("npm", install);
            var output = npm.StandardOutput.ReadToEndAsync();
            var errors = npm.StandardError.ReadToEndAsync();
            await npm.WaitForExitAsync().WaitAsync(InstallMax);
            if (npm.ExitCode == 0) return clients;
            Assert.Skip($"npm cannot install the clients: {(await errors + await output).Trim()}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("npm and Node.js are not on this machine.");
        }
        catch (TimeoutException)
        {
            Assert.Skip($"npm did not install the clients within {InstallMax.TotalMinutes:0} minutes.");
        }

        throw new UnreachableException();
    }

    public Process Run(string script, params string[] arguments) => Start("node", [script, .. arguments]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private Process Start(string program, string[] arguments) => Process.Start(
        new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
}
