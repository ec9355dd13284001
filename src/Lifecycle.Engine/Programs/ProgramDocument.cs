using System.Text;
using System.Text.RegularExpressions;
using Lifecycle.Domain.Money;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Spelling;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Engine.Programs;

/// <summary>Reads program documents: YAML, checked to the last key. <c>docs/programs.md</c> explains them.</summary>
public static partial class ProgramDocument
{
    /// <summary>Answers the program, or everything that is wrong with the document. Never throws for a text.</summary>
    public static ProgramResult Parse(string yaml, int version)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var errors = new DocumentErrors();
        var program = Read(yaml, version, errors);
        return errors.Count == 0 ? new(program, []) : new(null, errors.ToImmutable());
    }

    /// <summary>
    /// The error of a document in another currency than the amounts of the installation, at its place; null when there
    /// is none. What was counted in one currency cannot go on in another.
    /// </summary>
    internal static ProgramError? CheckCurrency(string yaml, Program program, string currency)
    {
        if (program.Currency == currency) return null;
        var at = Nodes(yaml)?.Entries.FirstOrDefault(entry => entry.Key.Text == "currency").Value?.At ?? Position.Start;
        return new(
            at.Line, at.Column,
            $"currency: the amounts of this installation are in {currency}, and a program in {program.Currency} would " +
            $"count on with them as if they were {program.Currency}. Keep {currency}, or begin with an empty data folder " +
            "and this document as Lifecycle:Program.");
    }

    /// <summary>The document as it was written; null when it is no map in YAML.</summary>
    internal static DocumentNode.Map? Nodes(string yaml) =>
        DocumentParser.Parse(Normalize(yaml), new DocumentErrors()) as DocumentNode.Map;

    /// <summary>
    /// One kind of line end, so that places in the text and the reader's marks agree; some editors write a mark of byte
    /// order first.
    /// </summary>
    private static string Normalize(string yaml) =>
        yaml.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private static Program? Read(string yaml, int version, DocumentErrors errors)
    {
        var bytes = Encoding.UTF8.GetByteCount(yaml);
        if (bytes > ProgramLimits.DocumentBytesMax)
        {
            errors.Add(
                Position.Start,
                $"The document has {bytes} bytes, at most {ProgramLimits.DocumentBytesMax} are allowed.");
            return null;
        }

        var text = Normalize(yaml);
        if (DocumentParser.Parse(text, errors) is not { } node) return null;
        if (node is not DocumentNode.Map map)
        {
            errors.Add(node.At, $"Expected a map with {string.Join(", ", ProgramKeys.Root)}, found {node.Kind}.");
            return null;
        }

        return ReadRoot(new Section(text, errors, map, ProgramKeys.Root), version, errors);
    }

    private static Program? ReadRoot(Section root, int version, DocumentErrors errors)
    {
        var name = root.RequireName("program");
        var currency = ReadCurrency(root);
        var zone = ReadTimeZone(root);
        root.Require("stages", "a list of stages");
        root.Require("points", "a map with at least 'name'");
        var silence = SilenceReader.Read(root.Child("silence", ProgramKeys.Silence));
        var stages = new StagesReader(root).Read(silence);
        var points = PointsReader.Read(root.Child("points", ProgramKeys.Points));
        var earn = EarnReader.Read(root);
        if (errors.Count > 0) return null;
        return new()
        {
            Version = version,
            Name = name!,
            Currency = currency!,
            TimeZone = zone!,
            Stages = stages,
            Points = points!,
            Earn = earn,
        };
    }

    private static string? ReadCurrency(Section root)
    {
        const string expected = "a currency code of ISO 4217, such as EUR";
        if (root.Require("currency", expected) is not { } node) return null;
        if (root.AsScalar("currency", node, expected) is not { } scalar) return null;
        if (Currencies.Find(scalar.Text) is not null) return scalar.Text;
        var hint = Currencies.Find(scalar.Text.ToUpperInvariant()) is null
            ? ""
            : $" Did you mean '{scalar.Text.ToUpperInvariant()}'?";
        root.Add("currency", $"expected {expected}, found {DocumentErrors.Quote(scalar.Text)}.{hint}");
        return null;
    }

    private static TimeZoneInfo? ReadTimeZone(Section root)
    {
        const string expected = "a time zone of the IANA database, such as Europe/Berlin";
        if (root.Require("time_zone", expected) is not { } node) return null;
        if (root.AsScalar("time_zone", node, expected) is not { } scalar) return null;

        // The name becomes a path on this platform, so nothing else than a zone's name may reach the look-up.
        if (ZoneName().IsMatch(scalar.Text) && TimeZoneInfo.TryFindSystemTimeZoneById(scalar.Text, out var zone))
            return zone;
        var hint = Nearest.Hint(scalar.Text, TimeZoneInfo.GetSystemTimeZones(skipSorting: true).Select(z => z.Id));
        root.Add("time_zone", $"expected {expected}, found {DocumentErrors.Quote(scalar.Text)}.{hint}");
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName();
}
