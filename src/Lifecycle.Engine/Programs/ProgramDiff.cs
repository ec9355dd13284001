using System.Collections.Immutable;
using System.Text.Json;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Engine.Programs;

/// <summary>One difference of two program documents.</summary>
/// <param name="Path">Where: keys parted by dots, the parts of a list by name, as in <c>stages[Loyal].when</c>.</param>
/// <param name="Kind">A name of <see cref="ProgramChangeKinds"/>.</param>
/// <param name="Before">As it was written; null for what was added.</param>
/// <param name="After">As it is written; null for what was removed.</param>
public sealed record ProgramChange(string Path, string Kind, string? Before, string? After)
{
    /// <summary>One line for a person.</summary>
    public override string ToString() => Kind switch
    {
        ProgramChangeKinds.Added => $"+ {Path}: {After}",
        ProgramChangeKinds.Removed => $"- {Path}: {Before}",
        _ => $"~ {Path}: {Before} -> {After}",
    };
}

public static class ProgramChangeKinds
{
    public const string Added = "added";
    public const string Removed = "removed";
    public const string Changed = "changed";

    /// <summary>The parts of a list are the same in another order; that of stages and rules matters.</summary>
    public const string Reordered = "reordered";
}

/// <summary>
/// Compares two program documents by their structure: comments, spaces, quotes and the order of keys make no
/// difference. A key that is left out and its default written out are different, for they are to whoever reads the document.
/// </summary>
public static class ProgramDiff
{
    /// <summary>The differences in the order of the documents; none for two documents that say the same.</summary>
    /// <param name="before">A document; one that is no YAML counts as empty.</param>
    /// <param name="after">Likewise.</param>
    public static ImmutableArray<ProgramChange> Between(string before, string after)
    {
        var changes = ImmutableArray.CreateBuilder<ProgramChange>();
        var none = new DocumentNode.Map(Position.Start, []);
        Compare("", ProgramDocument.Nodes(before) ?? none, ProgramDocument.Nodes(after) ?? none, changes);
        return changes.DrainToImmutable();
    }

    private static void Compare(
        string path, DocumentNode before, DocumentNode after, ImmutableArray<ProgramChange>.Builder changes)
    {
        switch (before, after)
        {
            case (DocumentNode.Map was, DocumentNode.Map now):
                CompareParts(Keyed(was), Keyed(now), key => path.Length == 0 ? key : $"{path}.{key}", changes);
                break;
            case (DocumentNode.List was, DocumentNode.List now) when Named(was) is { } old && Named(now) is { } young:
                CompareParts(old, young, name => $"{path}[{name}]", changes);
                CompareOrder(path, old, young, changes);
                break;
            default:
                if (TextOf(before) is var left && TextOf(after) is var right && left != right)
                    changes.Add(new(path, ProgramChangeKinds.Changed, left, right));
                break;
        }
    }

    private static void CompareParts(
        List<(string Name, DocumentNode Node)> before, List<(string Name, DocumentNode Node)> after,
        Func<string, string> pathOf, ImmutableArray<ProgramChange>.Builder changes)
    {
        var young = after.ToDictionary(part => part.Name, part => part.Node, StringComparer.Ordinal);
        foreach (var (name, node) in before)
        {
            if (young.Remove(name, out var now)) Compare(pathOf(name), node, now, changes);
            else changes.Add(new(pathOf(name), ProgramChangeKinds.Removed, TextOf(node), null));
        }

        foreach (var (name, node) in after)
            if (young.ContainsKey(name)) changes.Add(new(pathOf(name), ProgramChangeKinds.Added, null, TextOf(node)));
    }

    private static void CompareOrder(
        string path, List<(string Name, DocumentNode Node)> before, List<(string Name, DocumentNode Node)> after,
        ImmutableArray<ProgramChange>.Builder changes)
    {
        var was = before.Select(part => part.Name).Intersect(after.Select(part => part.Name)).ToList();
        var now = after.Select(part => part.Name).Intersect(before.Select(part => part.Name)).ToList();
        if (!was.SequenceEqual(now))
            changes.Add(new(path, ProgramChangeKinds.Reordered, Listed(was), Listed(now)));

        static string Listed(List<string> names) => $"[{string.Join(", ", names)}]";
    }

    private static List<(string Name, DocumentNode Node)> Keyed(DocumentNode.Map map) =>
        [.. map.Entries.Select(entry => (entry.Key.Text, entry.Value))];

    /// <summary>The parts of a list by their <c>name</c>; null for a list of others.</summary>
    private static List<(string Name, DocumentNode Node)>? Named(DocumentNode.List list)
    {
        var parts = new List<(string, DocumentNode)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (item is not DocumentNode.Map map) return null;
            var name = map.Entries.FirstOrDefault(entry => entry.Key.Text == "name").Value as DocumentNode.Scalar;
            if (name is null || !names.Add(name.Text)) return null;
            parts.Add((name.Text, map));
        }

        return parts;
    }

    /// <summary>On one line, so that it can be read in a table.</summary>
    private static string TextOf(DocumentNode node) => node switch
    {
        DocumentNode.Scalar { IsNull: true } => "nothing",
        // A text of several lines, or with spaces at its ends, would not be seen as it is.
        DocumentNode.Scalar scalar when scalar.Text.Any(char.IsControl) || scalar.Text.Trim() != scalar.Text =>
            JsonSerializer.Serialize(scalar.Text, ProgramDiffJson.Default.String),
        DocumentNode.Scalar scalar => scalar.Text,
        DocumentNode.List list => $"[{string.Join(", ", list.Items.Select(TextOf))}]",
        DocumentNode.Map map => $"{{{string.Join(", ", map.Entries.Select(e => $"{e.Key.Text}: {TextOf(e.Value)}"))}}}",
        _ => throw new System.Diagnostics.UnreachableException($"A node of {node.GetType().Name} has no text."),
    };
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class ProgramDiffJson : System.Text.Json.Serialization.JsonSerializerContext;
