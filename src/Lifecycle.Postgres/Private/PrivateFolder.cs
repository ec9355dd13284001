using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Lifecycle.Engine.Store;

namespace Lifecycle.Postgres.Private;

/// <summary>The folder of a private server: <c>data</c>, <c>password</c>, <c>server.log</c>.</summary>
internal sealed class PrivateFolder(string folder, ServerUser user)
{
    public string Data { get; } = Path.Combine(Path.GetFullPath(folder), "data");

    public string Log { get; } = Path.Combine(Path.GetFullPath(folder), "server.log");

    private string PasswordPath { get; } = Path.Combine(Path.GetFullPath(folder), "password");

    /// <summary>Makes the database cluster when there is none. Answers the password.</summary>
    public async Task<string> PrepareAsync(string bin, CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(folder);
            if (File.Exists(Path.Combine(Data, "PG_VERSION"))) return await ReadPasswordAsync(cancel);
            return await InitializeAsync(bin, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The folder {folder} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>
    /// A file that a killed server left names a process that is not it any more. The server itself finds that out,
    /// unless another process of its user has the number now.
    /// </summary>
    public void RemoveStaleLock()
    {
        var path = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(path)) return;
        if (!int.TryParse(File.ReadLines(path).FirstOrDefault(), CultureInfo.InvariantCulture, out var id)) return;
        // Elsewhere than on Linux it is left to the server.
        if (!Directory.Exists("/proc/self")) return;
        var where = new DirectoryInfo($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/cwd");
        if (where.Exists && where.ResolveLinkTarget(returnFinalTarget: true)?.FullName == Data)
        {
            throw new StoreException(
                $"The folder {folder} is in use by a server that runs already (process {id}). Stop it, or choose " +
                "another.");
        }

        File.Delete(path);
    }

    public string TailOfLog()
    {
        try
        {
            return string.Join('\n', File.ReadLines(Log).TakeLast(8));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private async Task<string> ReadPasswordAsync(CancellationToken cancel)
    {
        if (File.Exists(PasswordPath)) return (await File.ReadAllTextAsync(PasswordPath, cancel)).Trim();
        throw new StoreException(
            $"{PasswordPath} is missing, though {Data} is there. Restore it, or empty the folder.");
    }

    private async Task<string> InitializeAsync(string bin, CancellationToken cancel)
    {
        user.MakeReachable(folder);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        WriteForOwner(PasswordPath, password + "\n");
        Directory.CreateDirectory(Data);
        user.GiveAway(Data);
        // Read once by initdb, which may run as another user.
        var handOver = Path.Combine(Path.GetFullPath(folder), "handover");
        WriteForOwner(handOver, password + "\n");
        user.GiveAway(handOver);
        try
        {
            await RunAsync(
                user.Command(
                    Path.Combine(bin, "initdb"), "-D", Data, "-U", PrivateServer.User, "-E", "UTF8", "--locale=C",
                    "-A", "scram-sha-256", $"--pwfile={handOver}"), cancel);
        }
        finally
        {
            File.Delete(handOver);
        }

        return password;
    }

    private static async Task RunAsync(ProcessStartInfo start, CancellationToken cancel)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode == 0) return;
        throw new StoreException($"initdb failed: {(await errors).Trim()} {(await output).Trim()}");
    }

    private static void WriteForOwner(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
