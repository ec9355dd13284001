using System.Globalization;
using Spectre.Console;

namespace Lifecycle.Cli.Output;

/// <summary>Rows as a table for a person; numbers to the right, nothing cut off or wrapped.</summary>
internal static class TableOut
{
    private const int WidthMax = 1_000;

    public static void Write(
        TextWriter writer, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = WidthMax;
        var table = new Table { Border = TableBorder.Simple };
        for (var column = 0; column < columns.Count; column++)
        {
            var heading = new TableColumn(new Text(columns[column])) { NoWrap = true };
            if (rows.All(row => IsNumber(row[column]))) heading.RightAligned();
            table.AddColumn(heading);
        }
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(cell)));
        console.Write(table);
    }

    private static bool IsNumber(string cell) =>
        cell.Length == 0 || decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
