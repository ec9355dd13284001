using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Cli.Import.Csv;

/// <summary>Reads the values of a map: a template, or a map that says what is made of a column.</summary>
internal sealed class CsvValueReader(Section root, string document, DocumentErrors errors)
{
    private static readonly string[] OfValue = ["column", "text", "as", "values", "default", "times", "negate", "round"];

    /// <summary>A map with one of these is a value, any other an object.</summary>
    private static readonly string[] Marks = ["column", "text"];

    public static CsvTemplate Column(DocumentNode.Scalar name) => CsvTemplate.OfColumn(name.At, name.Text);

    public CsvTemplate? Template(string key) => root.Find(key) is { } node ? Template(key, node) : null;

    public CsvTemplate? RequireTemplate(string key, string expected) =>
        root.Require(key, expected) is { } node ? Template(key, node) : null;

    /// <summary>Null for none, or for one that is wrong.</summary>
    public CsvObject? Object(string key) => root.Find(key) is { } node ? Object(key, node) : null;

    public CsvValue? Value(string name, DocumentNode node)
    {
        if (node is not DocumentNode.Map map)
        {
            return Template(name, node) is { } template
                ? new(template, CsvKinds.Of(name), null, null, null, Negate: false, Round: false)
                : null;
        }

        var section = new Section(document, errors, map, OfValue);
        if (section.Has("column") == section.Has("text"))
        {
            errors.Add(map.At, $"{name}: expected either 'column' or 'text'.");
            return null;
        }

        var text = section.Scalar("column", "the name of a column") is { } column
            ? Column(column)
            : section.Find("text") is { } plain ? Template(name, plain) : null;
        var kind = section.Choice("as", CsvKinds.Of(name), CsvKinds.ByName);
        var times = section.Scalar("times", "the name of a column") is { } factor ? Column(factor) : null;
        if (times is not null && kind is not (CsvKind.Money or CsvKind.Number or CsvKind.Integer))
            section.Add("times", "only a number can be multiplied: add 'as: money', 'as: number' or 'as: integer'.");
        var (negate, round) = (Flag(section, "negate"), Flag(section, "round"));
        var otherwise = section.Scalar("default", "a value")?.Text;
        return text is null ? null : new(text, kind, Values(section), otherwise, times, negate, round);
    }

    private CsvTemplate? Template(string key, DocumentNode node)
    {
        if (root.AsScalar(key, node, "a text, with columns in braces such as '{Order}'") is not { } scalar) return null;
        if (CsvTemplate.Parse(scalar.At, scalar.Text) is { Parts.Count: > 0 } template) return template;
        errors.Add(scalar.At, $"{key}: expected a text with columns in braces such as '{{Order}}'; a brace of its own is written twice.");
        return null;
    }

    private CsvObject? Object(string key, DocumentNode node)
    {
        if (node is not DocumentNode.Map map)
        {
            errors.Add(node.At, $"{key}: expected a map of names and values, found {node.Kind}.");
            return null;
        }

        var members = new List<(string, CsvNode)>();
        foreach (var (name, value) in map.Entries)
            if (Node(name.Text, value) is { } member) members.Add((name.Text, member));
        return new(members);
    }

    private CsvNode? Node(string name, DocumentNode node)
    {
        if (node is not DocumentNode.Map map || map.Entries.Any(e => Marks.Contains(e.Key.Text)))
            return Value(name, node) is { } value ? new CsvNode.Value(value) : null;
        if (map.Entries is [{ Key.Text: "sum" }])
        {
            var section = new Section(document, errors, map, ["sum"]);
            return section.Scalar("sum", "the name of a field of 'items'") is { } of ? new CsvNode.Sum(of.Text) : null;
        }

        return Object(name, map) is { } nested ? new CsvNode.Nested(nested) : null;
    }

    private static Dictionary<string, string>? Values(Section section)
    {
        if (section.Find("values") is not { } node) return null;
        if (node is DocumentNode.Map map && map.Entries.All(e => e.Value is DocumentNode.Scalar))
            return map.Entries.ToDictionary(e => e.Key.Text, e => ((DocumentNode.Scalar)e.Value).Text);
        section.Add("values", $"expected a map of texts of the column and their values, found {node.Kind}.");
        return null;
    }

    private static bool Flag(Section section, string key) =>
        section.Choice(key, false, new Dictionary<string, bool> { ["true"] = true, ["false"] = false });
}
