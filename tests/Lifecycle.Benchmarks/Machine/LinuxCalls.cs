using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>What the class library does not offer: a sleep shorter than a millisecond, and fdatasync.</summary>
internal static class LinuxCalls
{
    /// <summary>Sleeps some 60 µs longer than asked for, where a sleep of the library does a millisecond.</summary>
    public static void Sleep(TimeSpan time)
    {
        if (time <= TimeSpan.Zero) return;
        if (!OperatingSystem.IsLinux())
        {
            Thread.Sleep(time);
            return;
        }

        var span = new TimeSpec
        {
            Seconds = (nint)(time.Ticks / TimeSpan.TicksPerSecond),
            Nanoseconds = (nint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick),
        };
        // Interrupted by a signal it is shorter; whoever sleeps looks at the clock again.
        _ = NanoSleep(in span, nint.Zero);
    }

    /// <summary>Waits until what was written to the file is on the disk.</summary>
    public static void Sync(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux()) RandomAccess.FlushToDisk(file);
        else if (DataSync(file) != 0)
            throw new IOException($"fdatasync failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "nanosleep", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int NanoSleep(in TimeSpec time, nint remaining);

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int DataSync(SafeFileHandle file);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
