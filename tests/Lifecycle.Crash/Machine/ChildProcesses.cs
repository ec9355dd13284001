using System.Globalization;

namespace Lifecycle.Crash.Machine;

/// <summary>The processes that a process has started, where the system shows them.</summary>
internal static class ChildProcesses
{
    public static IReadOnlyList<int> Of(int process)
    {
        var parent = process.ToString(CultureInfo.InvariantCulture);
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                // "id (name) state parent …", and a name may have blanks and brackets.
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == parent) children.Add(id);
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        return children;
    }
}
