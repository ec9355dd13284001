using System.Diagnostics;
using Lifecycle.Engine.Store;

namespace Lifecycle.Postgres.Private;

/// <summary>
/// Whom the server runs as. PostgreSQL refuses to run as root, so a process of root starts it as another user.
/// </summary>
internal sealed class ServerUser
{
    private static readonly string[] Candidates = ["postgres", "nobody"];

    private readonly string? _name;

    private ServerUser(string? name) => _name = name;

    /// <summary>
    /// What leads a command line so that it runs in a session of its own; nothing where there is no such program.
    /// </summary>
    public static string[] Detach { get; } = Run("setsid", "true") == 0 ? ["setsid"] : [];

    /// <exception cref="StoreException">This process is root's and no other user can be used.</exception>
    public static ServerUser Choose()
    {
        if (OperatingSystem.IsWindows())
            throw new StoreException("A private server is not started on Windows: give a connection string.");
        if (!Environment.IsPrivilegedProcess) return new(null);
        foreach (var name in Candidates)
            if (Run("setpriv", "--reuid", name, "--regid", name, "--clear-groups", "true") == 0) return new(name);
        throw new StoreException(
            "PostgreSQL does not run as root, and there is no user postgres or nobody that setpriv could change to. " +
            "Run this as another user, or give a connection string.");
    }

    /// <summary>A command that runs as that user.</summary>
    public ProcessStartInfo Command(string program, params string[] arguments)
    {
        string[] all = [.. Prefix, program, .. arguments];
        // The folder that this process is in may not be readable for that user.
        return new ProcessStartInfo(all[0], all[1..]) { UseShellExecute = false, WorkingDirectory = "/" };
    }

    /// <summary>What leads a command line so that it runs as that user.</summary>
    public string[] Prefix => _name is null
        ? []
        : ["setpriv", "--reuid", _name, "--regid", GroupOf(_name), "--clear-groups", "--"];

    /// <summary>Lets that user pass through the folder, and makes sure that it can reach it at all.</summary>
    /// <exception cref="StoreException">A folder above it is closed to that user.</exception>
    public void MakeReachable(string folder)
    {
        if (_name is null || OperatingSystem.IsWindows()) return;
        const UnixFileMode pass = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | pass);
        if (Run([.. Prefix, "test", "-x", Path.GetFullPath(folder)]) == 0) return;
        throw new StoreException(
            $"The user {_name}, as whom the server has to run, cannot reach the folder {Path.GetFullPath(folder)}: a " +
            "folder above it is closed to others. Choose a folder below /tmp or /var/tmp.");
    }

    public void GiveAway(string folder)
    {
        if (_name is null) return;
        if (Run("chown", "-R", $"{_name}:{GroupOf(_name)}", folder) != 0)
            throw new StoreException($"The folder {folder} could not be given to the user {_name}.");
    }

    // The group of nobody has another name on some systems.
    private static string GroupOf(string name) =>
        name == "nobody" && Run("getent", "group", "nogroup") == 0 ? "nogroup" : name;

    private static int Run(params string[] command)
    {
        try
        {
            var start = new ProcessStartInfo(command[0], command[1..])
            {
                UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            process.StandardOutput.ReadToEnd();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return -1;
        }
    }
}
