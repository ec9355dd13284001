using System.Collections.Immutable;
using Lifecycle.Domain.Programs;

namespace Lifecycle.Engine.Programs;

/// <summary>What reading a document gives: a program, or everything that is wrong with it.</summary>
/// <param name="Program">Null when there is an error.</param>
/// <param name="Errors">In reading order; empty when there is a program.</param>
public sealed record ProgramResult(Program? Program, ImmutableArray<ProgramError> Errors);

/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 characters.</param>
/// <param name="Message">For the author: what was found and what was expected.</param>
public sealed record ProgramError(int Line, int Column, string Message)
{
    public override string ToString() => $"line {Line}, column {Column}: {Message}";
}
