using System.Text;

namespace Lifecycle.Benchmarks.Figures;

/// <summary>Text in columns as wide as their widest cell.</summary>
/// <param name="heads">Those that begin with a space are aligned to the right, as numbers are.</param>
internal sealed class TextTable(params IReadOnlyList<string> heads)
{
    private const string Between = "  ";

    private readonly List<IReadOnlyList<string>> _lines = [];

    /// <param name="cells">At most as many as heads. A single one is a text that may be of any length.</param>
    public void Add(params IReadOnlyList<string> cells)
    {
        if (cells.Count > heads.Count)
            throw new ArgumentException("A line has more cells than the table.", nameof(cells));
        _lines.Add(cells);
    }

    public override string ToString()
    {
        var names = heads.Select(head => head.TrimStart()).ToList();
        var widths = names.Select((name, i) =>
            _lines.Where(line => line.Count > Math.Max(i, 1)).Select(line => line[i].Length).Append(name.Length).Max())
            .ToList();
        var text = new StringBuilder();
        Append(text, names, widths);
        Append(text, [.. widths.Select(width => new string('─', width))], widths);
        foreach (var line in _lines) Append(text, line, widths);
        return text.ToString();
    }

    private void Append(StringBuilder text, IReadOnlyList<string> cells, List<int> widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0) line.Append(Between);
            line.Append(heads[i].StartsWith(' ') ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]));
        }

        text.AppendLine(line.ToString().TrimEnd());
    }
}
