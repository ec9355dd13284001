using System.Collections.Immutable;

namespace Lifecycle.Domain.Conditions;

/// <summary>What is wrong with one text, gathered by the stages of its compilation.</summary>
internal sealed class ErrorList
{
    private readonly List<ConditionError> _errors = [];

    public bool IsEmpty => _errors.Count == 0;

    public void Add(int offset, string message) => _errors.Add(new(offset, message));

    /// <summary>In reading order, one for each place: a second one there follows from the first.</summary>
    public ImmutableArray<ConditionError> ToImmutable() =>
    [
        .. _errors.DistinctBy(e => e.Offset).OrderBy(e => e.Offset).Take(ConditionLimits.ErrorsMax),
    ];

    /// <summary>A piece of the author's text for a message, cut to what a line can bear.</summary>
    public static string Quote(string text) => text.Length <= 40 ? $"'{text}'" : $"'{text[..37]}...'";
}
