namespace Lifecycle.Crash.Machine;

/// <summary>What the servers of a run write, in one file; the last lines of it are remembered.</summary>
internal sealed class ServerLog(string path) : IDisposable
{
    private const int TailLines = 400;

    private readonly Lock _lock = new();
    private readonly StreamWriter _file = new(path, append: true) { AutoFlush = true };
    private readonly Queue<string> _tail = [];

    /// <summary>The last lines since the last server was started.</summary>
    public string Tail
    {
        get
        {
            lock (_lock) return string.Join('\n', _tail);
        }
    }

    public void Begin(string name)
    {
        lock (_lock) _tail.Clear();
        Write($"== {name}");
    }

    public void Write(string line)
    {
        lock (_lock)
        {
            _file.WriteLine(line);
            _tail.Enqueue(line);
            if (_tail.Count > TailLines) _tail.Dequeue();
        }
    }

    public void Dispose()
    {
        lock (_lock) _file.Dispose();
    }
}
