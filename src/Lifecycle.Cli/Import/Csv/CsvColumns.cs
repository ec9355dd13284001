using System.Globalization;
using Lifecycle.Domain.Spelling;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Cli.Import.Csv;

/// <summary>Finds the columns that a map names in the file.</summary>
internal static class CsvColumns
{
    /// <param name="names">Of the first line; empty for a file without names, whose columns are numbers from 1.</param>
    /// <param name="count">Columns of the file.</param>
    public static void Bind(CsvMap map, IReadOnlyList<string> names, int count, DocumentErrors errors)
    {
        foreach (var template in TemplatesOf(map))
        {
            foreach (var part in template.Columns)
            {
                part.Column = map.Dialect.HasHeader ? ByName(part.Text, names) : ByNumber(part.Text, count);
                if (part.Column < 0) errors.Add(template.At, Unknown(part.Text, map, names, count));
            }
        }
    }

    private static int ByName(string name, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
            if (names[i] == name) return i;
        return -1;
    }

    private static int ByNumber(string text, int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= 1 && number <= count
            ? number - 1
            : -1;

    private static string Unknown(string name, CsvMap map, IReadOnlyList<string> names, int count) =>
        map.Dialect.HasHeader
            ? $"The file has no column {DocumentErrors.Quote(name)}.{Nearest.Hint(name, names)} "
                + $"It has: {string.Join(", ", names.Take(50))}."
            : $"The file has no column {DocumentErrors.Quote(name)}: without names they are numbers from 1 to {count}.";

    private static IEnumerable<CsvTemplate> TemplatesOf(CsvMap map)
    {
        CsvTemplate?[] own = [map.Group, map.Id, map.Customer, map.Currency, map.Time.Text];
        return own.OfType<CsvTemplate>().Concat(TemplatesOf(map.Type)).Concat(TemplatesOf(map.Data))
            .Concat(map.Items is { } items ? TemplatesOf(items) : []);
    }

    private static IEnumerable<CsvTemplate> TemplatesOf(CsvObject of) => of.Members.SelectMany(member => member.Node switch
    {
        CsvNode.Value value => TemplatesOf(value.Of),
        CsvNode.Nested nested => TemplatesOf(nested.Object),
        _ => [],
    });

    private static IEnumerable<CsvTemplate> TemplatesOf(CsvValue value) =>
        value.Times is { } times ? [value.Text, times] : [value.Text];
}
