using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Machine;

/// <summary>The folder of a run: gone with it, also when it is interrupted, unless something is wrong.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly Faults _faults;
    private readonly Action<string> _say;

    public RunFolder(string folder, string name, Faults faults, Action<string> say)
    {
        (_faults, _say) = (faults, say);
        Path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, $"{name}-{Environment.ProcessId}"));
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>What the servers write.</summary>
    public string LogPath => System.IO.Path.Combine(Path, "server.log");

    public void Dispose()
    {
        if (_faults.Count == 0) Directory.Delete(Path, recursive: true);
        else _say($"The data and what the servers wrote are in {Path}.");
    }
}
