using System.Globalization;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Spelling;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Engine.Programs;

/// <summary>
/// A map of the document, read key by key. A value that is wrong is reported and answered with its default, so reading
/// goes on and one round shows the author everything.
/// </summary>
internal sealed class Section
{
    private readonly string _document;
    private readonly DocumentErrors _errors;
    private readonly DocumentNode.Map _map;

    public Section(string document, DocumentErrors errors, DocumentNode.Map map, IReadOnlyList<string> keys)
    {
        (_document, _errors, _map) = (document, errors, map);
        foreach (var (key, _) in map.Entries)
        {
            if (keys.Contains(key.Text)) continue;
            errors.Add(key.At, ProgramKeys.Later.Contains(key.Text)
                ? $"'{key.Text}' is not supported by this version yet: remove it."
                : $"There is no key {DocumentErrors.Quote(key.Text)} here.{Hint(key.Text, keys)}");
        }
    }

    private static string Hint(string key, IReadOnlyList<string> keys) =>
        Nearest.Hint(key, keys) is { Length: > 0 } hint ? hint : $" Known are: {string.Join(", ", keys)}.";

    public Position At => _map.At;

    public bool Has(string key) => Find(key) is not null;

    /// <summary>Where its value is, or the map itself.</summary>
    public Position PositionOf(string key) => Find(key)?.At ?? At;

    public DocumentNode? Find(string key)
    {
        foreach (var (name, value) in _map.Entries)
            if (name.Text == key) return value;
        return null;
    }

    public void Add(Position at, string message) => _errors.Add(at, message);

    /// <summary>Reports about a key's value, or about its absence.</summary>
    public void Add(string key, string message) => _errors.Add(PositionOf(key), $"{key}: {message}");

    public DocumentNode? Require(string key, string expected)
    {
        var node = Find(key);
        if (node is null) _errors.Add(At, $"'{key}' is missing here: expected {expected}.");
        return node;
    }

    public Section? Child(string key, IReadOnlyList<string> keys) => Find(key) is { } node
        ? AsSection(key, node, keys)
        : null;

    public Section? AsSection(string key, DocumentNode node, IReadOnlyList<string> keys)
    {
        if (node is DocumentNode.Map map) return new(_document, _errors, map, keys);
        _errors.Add(node.At, $"{key}: expected a map with {string.Join(", ", keys)}, found {node.Kind}.");
        return null;
    }

    /// <summary>The items of a list; empty when it is absent or wrong.</summary>
    public IReadOnlyList<DocumentNode> List(string key, string expected)
    {
        switch (Find(key))
        {
            case DocumentNode.List list:
                return list.Items;
            case null:
                return [];
            case var other:
                _errors.Add(other.At, $"{key}: expected {expected}, found {other.Kind}.");
                return [];
        }
    }

    /// <summary>A value that is one piece of text; null when it is absent or wrong.</summary>
    public DocumentNode.Scalar? Scalar(string key, string expected) =>
        Find(key) is { } node ? AsScalar(key, node, expected) : null;

    public DocumentNode.Scalar? AsScalar(string key, DocumentNode node, string expected)
    {
        if (node is DocumentNode.Scalar { IsNull: false } scalar) return scalar;
        _errors.Add(node.At, $"{key}: expected {expected}, found {node.Kind}.");
        return null;
    }

    /// <summary>A name that is stored and shown. Null when it is absent or wrong.</summary>
    public string? RequireName(string key)
    {
        const string expected = "a name";
        if (Require(key, expected) is not { } node || AsScalar(key, node, expected) is not { } scalar) return null;
        return CheckName(key, scalar, ProgramLimits.NameMax) ? scalar.Text : null;
    }

    public bool CheckName(string key, DocumentNode.Scalar scalar, int lengthMax)
    {
        var text = scalar.Text;
        if (text.Length > lengthMax)
            _errors.Add(scalar.At, $"{key}: this is {text.Length} characters long, at most {lengthMax} are allowed.");
        else if (text.Length == 0 || text.Trim().Length < text.Length || text.Any(char.IsControl))
            _errors.Add(
                scalar.At, $"{key}: expected a name without blanks around it, found {DocumentErrors.Quote(text)}.");
        else
            return true;
        return false;
    }

    public TimeSpan Duration(string key, TimeSpan otherwise, TimeSpan min, TimeSpan max)
    {
        if (Scalar(key, Durations.Expected) is not { } scalar) return otherwise;
        if (!Durations.TryParse(scalar.Text, out var duration))
            return Wrong(scalar, key, Durations.Expected, otherwise);
        return duration >= min && duration <= max
            ? duration
            : Wrong(scalar, key, $"{Durations.Text(min)} to {Durations.Text(max)}", otherwise);
    }

    public long Whole(string key, long otherwise, long min, long max)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");
        if (Scalar(key, expected) is not { } scalar) return otherwise;
        const NumberStyles style = NumberStyles.AllowLeadingSign;
        var isNumber = long.TryParse(scalar.Text, style, CultureInfo.InvariantCulture, out var number);
        return isNumber && number >= min && number <= max ? number : Wrong(scalar, key, expected, otherwise);
    }

    /// <summary>A decimal number for which <paramref name="isValid"/> holds.</summary>
    public decimal Number(string key, decimal otherwise, string expected, Func<decimal, bool> isValid)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (Scalar(key, expected) is not { } scalar) return otherwise;
        return decimal.TryParse(scalar.Text, style, CultureInfo.InvariantCulture, out var number) && isValid(number)
            ? number
            : Wrong(scalar, key, expected, otherwise);
    }

    public T Choice<T>(string key, T otherwise, IReadOnlyDictionary<string, T> choices)
    {
        var expected = string.Join(" or ", choices.Keys);
        if (Scalar(key, expected) is not { } scalar) return otherwise;
        return choices.TryGetValue(scalar.Text, out var choice) ? choice : Wrong(scalar, key, expected, otherwise);
    }

    /// <summary>Its errors are reported at the character of the document where they are.</summary>
    public Condition? Condition(string key, ConditionType type, ConditionScope scope)
    {
        if (Scalar(key, "a condition") is not { } scalar) return null;
        var (condition, errors) = ConditionCompiler.Compile(scalar.Text, type, scope);
        foreach (var error in errors)
            _errors.Add(ScalarText.Locate(_document, scalar, error.Offset), $"{key}: {error.Message}");
        return condition;
    }

    private T Wrong<T>(DocumentNode.Scalar scalar, string key, string expected, T otherwise)
    {
        _errors.Add(scalar.At, $"{key}: expected {expected}, found {DocumentErrors.Quote(scalar.Text)}.");
        return otherwise;
    }
}
