using System.Diagnostics;
using System.Globalization;

namespace Lifecycle.Engine.Tests.Support;

/// <summary>A disk of some kilobytes in memory; the test is skipped where none may be mounted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    public static SmallDisk Mount(int kilobytes)
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-small-").FullName;
        var size = string.Create(CultureInfo.InvariantCulture, $"size={kilobytes}k");
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", size, "tmpfs", folder)) return new(folder);
        Directory.Delete(folder);
        Assert.Skip("A small disk cannot be mounted here: that takes root on Linux.");
        throw new UnreachableException();
    }

    public void Dispose()
    {
        Run("umount", Folder);
        Directory.Delete(Folder);
    }

    private static bool Run(params string[] command)
    {
        try
        {
            var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
