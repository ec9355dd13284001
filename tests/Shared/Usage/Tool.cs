using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;

namespace Lifecycle.Tests.Shared.Usage;

/// <summary>How the programs beside the sources take their command lines: as <c>lifecycle</c> itself does.</summary>
internal static class Tool
{
    /// <summary>The exit code of a command line that makes no sense; nothing was tried.</summary>
    public const int WrongUsage = 2;

    /// <summary>Refuses a value that is not in its range.</summary>
    /// <param name="range">In words, after <c>must be</c>.</param>
    public static void Require<T>(Option option, Func<T, bool> holds, string range)
        where T : IParsable<T> => option.Validators.Add(given =>
    {
        foreach (var token in given.Tokens)
        {
            // What is no number is said by the parser.
            if (T.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && !holds(value))
                given.AddError($"{option.Name} must be {range}, not {token.Value}.");
        }
    });

    /// <summary>Runs a command line and answers its exit code.</summary>
    public static async Task<int> RunAsync(RootCommand command, string[] args, InvocationConfiguration configuration)
    {
        var parsed = command.Parse(args);
        if (parsed.Action is not ParseErrorAction) return await parsed.InvokeAsync(configuration);
        foreach (var error in parsed.Errors) await configuration.Error.WriteLineAsync(error.Message);
        await configuration.Error.WriteLineAsync("'--help' explains the options.");
        return WrongUsage;
    }
}
