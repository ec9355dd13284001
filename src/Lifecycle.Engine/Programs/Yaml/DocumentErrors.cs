using System.Collections.Immutable;
using Lifecycle.Domain.Programs;

namespace Lifecycle.Engine.Programs.Yaml;

/// <summary>What is wrong with one document, gathered while all of it is read.</summary>
internal sealed class DocumentErrors
{
    private readonly List<ProgramError> _errors = [];

    public int Count => _errors.Count;

    public void Add(Position at, string message)
    {
        if (_errors.Count < ProgramLimits.ErrorsMax) _errors.Add(new(at.Line, at.Column, message));
    }

    /// <summary>In reading order.</summary>
    public ImmutableArray<ProgramError> ToImmutable() =>
        [.. _errors.Distinct().OrderBy(e => e.Line).ThenBy(e => e.Column)];

    /// <summary>A piece of the document for a message, cut to what a line can bear.</summary>
    public static string Quote(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 40 ? $"'{line}'" : $"'{line[..37]}...'";
    }
}
