using Lifecycle.Domain.Money;
using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Cli.Import.Csv;

/// <summary>Reads the document that maps columns to events; what is wrong is reported with line and column.</summary>
internal static class CsvMapReader
{
    private static readonly string[] Root =
        ["file", "numbers", "time", "group", "id", "type", "source", "customer", "currency", "data", "items"];

    private static readonly Dictionary<string, LocalTimeChoice> SkippedChoices = new()
    {
        ["later"] = LocalTimeChoice.Later, ["reject"] = LocalTimeChoice.Reject,
    };

    private static readonly Dictionary<string, LocalTimeChoice> AmbiguousChoices = new()
    {
        ["earlier"] = LocalTimeChoice.Earlier, ["later"] = LocalTimeChoice.Later, ["reject"] = LocalTimeChoice.Reject,
    };

    /// <summary>The map; null when there is an error.</summary>
    public static CsvMap? Read(string yaml, DocumentErrors errors)
    {
        var text = yaml.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (DocumentParser.Parse(text, errors) is not { } node) return null;
        if (node is not DocumentNode.Map map)
        {
            errors.Add(node.At, $"Expected a map with {string.Join(", ", Root)}, found {node.Kind}.");
            return null;
        }

        var root = new Section(text, errors, map, Root);
        var values = new CsvValueReader(root, text, errors);
        var dialect = ReadDialect(root.Child("file", ["delimiter", "quote", "encoding", "header", "line_breaks", "empty"]));
        var numbers = ReadNumbers(root);
        var time = ReadTime(root, values);
        var (group, id) = (values.Template("group"), values.RequireTemplate("id", "the event's id, such as '{Order}'"));
        var type = ReadType(root, values);
        var source = ReadSource(root);
        var customer = values.RequireTemplate("customer", "the customer's id, such as '{Customer}'");
        var currency = ReadCurrency(root, values);
        var items = values.Object("items");
        var data = values.Object("data") ?? new([]);
        CheckSums(root, data, items);
        if (errors.Count > 0) return null;
        return new()
        {
            Dialect = dialect, Numbers = numbers, Time = time!, Group = group, Id = id!, Type = type!, Source = source!,
            Customer = customer!, Currency = currency, Data = data, Items = items,
        };
    }

    private static CsvDialect ReadDialect(Section? file)
    {
        if (file is null) return new(',', '"', false, true, false, []);
        var delimiter = Character(file, "delimiter", ',');
        var quote = Character(file, "quote", '"');
        if (delimiter == quote) file.Add("quote", "expected another character than the delimiter.");
        var latin1 = file.Choice("encoding", false, new Dictionary<string, bool> { ["utf-8"] = false, ["latin1"] = true });
        var (header, breaks) = (Flag(file, "header", true), Flag(file, "line_breaks", false));
        var empty = file.List("empty", "a list of texts").OfType<DocumentNode.Scalar>().Select(s => s.Text).ToList();
        return new(delimiter, quote, latin1, header, breaks, empty);
    }

    private static CsvNumbers ReadNumbers(Section root)
    {
        if (root.Child("numbers", ["decimal", "thousands"]) is not { } numbers) return new('.', null);
        var point = numbers.Choice("decimal", '.', new Dictionary<string, char> { ["."] = '.', [","] = ',' });
        var thousands = numbers.Choice<char?>("thousands", null, new Dictionary<string, char?>
        {
            ["none"] = null, ["."] = '.', [","] = ',', [" "] = ' ', ["'"] = '\'',
        });
        if (thousands == point) numbers.Add("thousands", "expected another character than the decimal one.");
        return new(point, thousands);
    }

    private static CsvTime? ReadTime(Section root, CsvValueReader values)
    {
        const string expected = "a map with at least 'column'";
        if (root.Require("time", expected) is not { } node) return null;
        if (root.AsSection("time", node, ["column", "format", "zone", "skipped", "ambiguous"]) is not { } time) return null;
        var column = time.Require("column", "the column that has the time") is { } named
            ? time.AsScalar("column", named, "the name of a column")
            : null;
        var formats = time.Find("format") switch
        {
            DocumentNode.List list => list.Items.OfType<DocumentNode.Scalar>().Select(s => s.Text).ToList(),
            DocumentNode.Scalar scalar => [scalar.Text],
            _ => new List<string>(),
        };
        foreach (var format in formats.Where(f => !CsvTimes.IsFormat(f)))
            time.Add("format", $"'{format}' is no format: expected one such as dd.MM.yyyy HH:mm, or unix, or unix_ms.");
        TimeZoneInfo? zone = null;
        if (time.Scalar("zone", "a time zone such as Europe/Berlin") is { } name
            && !TimeZoneInfo.TryFindSystemTimeZoneById(name.Text, out zone))
            time.Add("zone", $"there is no time zone '{name.Text}': expected a name of IANA such as Europe/Berlin.");
        if (zone is null && !time.Has("zone") && formats.Any(f => !CsvTimes.HasOffset(f)))
            time.Add("format", "says no offset, so 'zone' is needed: where the times are local, such as Europe/Berlin or UTC.");
        var skipped = time.Choice("skipped", LocalTimeChoice.Later, SkippedChoices);
        var ambiguous = time.Choice("ambiguous", LocalTimeChoice.Earlier, AmbiguousChoices);
        return column is null ? null : new(CsvValueReader.Column(column), formats, zone, skipped, ambiguous);
    }

    private static CsvValue? ReadType(Section root, CsvValueReader values)
    {
        if (root.Require("type", "a type such as order.placed, or a column with values") is not { } node) return null;
        return values.Value("type", node);
    }

    private static string? ReadSource(Section root)
    {
        if (root.Require("source", "a name of where the events come from") is not { } node) return null;
        if (root.AsScalar("source", node, "a name") is not { } scalar) return null;
        if (Ids.Fault(scalar.Text) is { } fault) root.Add("source", $"{fault}.");
        return scalar.Text;
    }

    private static CsvTemplate? ReadCurrency(Section root, CsvValueReader values)
    {
        var currency = values.Template("currency");
        if (currency is { Parts: [{ IsColumn: false } code] } && Currencies.Find(code.Text) is null)
            root.Add("currency", $"'{code.Text}' is no code of ISO 4217 in capitals, such as EUR, and no column in braces.");
        return currency;
    }

    private static void CheckSums(Section root, CsvObject data, CsvObject? items)
    {
        foreach (var (name, node) in data.Members)
        {
            if (node is CsvNode.Sum sum && items?.Members.Any(m => m.Name == sum.Member) != true)
                root.Add("data", $"{name} is the sum of '{sum.Member}', which 'items' does not have.");
        }
    }

    private static char Character(Section file, string key, char otherwise)
    {
        if (file.Scalar(key, "one character") is not { } scalar) return otherwise;
        if (scalar.Text is "tab" or "\t") return '\t';
        if (scalar.Text is [var c] && c is > ' ' and <= '~') return c;
        file.Add(key, $"expected one character such as ; or the word tab, found '{scalar.Text}'.");
        return otherwise;
    }

    private static bool Flag(Section section, string key, bool otherwise) =>
        section.Choice(key, otherwise, new Dictionary<string, bool> { ["true"] = true, ["false"] = false });
}
