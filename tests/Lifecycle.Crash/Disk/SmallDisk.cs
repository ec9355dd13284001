using System.Diagnostics;
using System.Globalization;

namespace Lifecycle.Crash.Disk;

/// <summary>A disk in memory that can be filled and made read-only. Mounting one is root's.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;
    private readonly string _ballast;

    private SmallDisk(string path) => (_path, _ballast) = (path, Path.Combine(path, "ballast"));

    /// <summary>Null where it cannot be mounted; the reason says why.</summary>
    public static SmallDisk? TryMount(string path, int megabytes, out string reason)
    {
        reason = "";
        if (!OperatingSystem.IsLinux()) reason = "a disk in memory is mounted on Linux only";
        else if (!Environment.IsPrivilegedProcess) reason = "only root may mount a disk";
        if (reason.Length > 0) return null;
        Directory.CreateDirectory(path);
        var size = megabytes.ToString(CultureInfo.InvariantCulture);
        var (code, output) = Run("mount", "-t", "tmpfs", "-o", $"size={size}m,mode=755", "tmpfs", path);
        if (code == 0) return new(path);
        reason = $"mount failed: {output}";
        return null;
    }

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        var block = new byte[1 << 16];
        using var file = new FileStream(_ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = block.Length; size > 0;)
        {
            try
            {
                file.Write(block.AsSpan(0, size));
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    public void Free() => File.Delete(_ballast);

    /// <summary>While nobody has a file open to write.</summary>
    public void SetReadOnly(bool isReadOnly)
    {
        var (code, output) = Run("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", _path);
        if (code != 0) throw new IOException($"mount failed: {output}");
    }

    // Processes that have just ended may still hold it.
    public void Dispose() => Run("umount", "--lazy", _path);

    internal static (int Code, string Output) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments)
                {
                    RedirectStandardError = true, RedirectStandardOutput = true,
                })!;
            var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output.Trim());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }
}
