using System.CommandLine;
using System.Globalization;
using Lifecycle.Domain.Time;

namespace Lifecycle.Cli;

/// <summary>A time as a person writes it: a day (its first instant in UTC) or an RFC 3339 time.</summary>
internal static class TimeArgument
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Null for what is no time.</summary>
    public static Instant? Parse(string text)
    {
        // A time without a zone would mean another instant on another machine.
        var zoned = text.Length == 10 || text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10;
        return zoned && DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Instant.From(time)
            : null;
    }

    public static Option<Instant?> Option(string name, string description) => new(name)
    {
        Description = $"{description} A day (its first instant, UTC) or an RFC 3339 time.",
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (Parse(text) is { } instant) return instant;
            result.AddError(Expected(name, text));
            return null;
        },
    };

    public static string Expected(string option, string found) =>
        $"{option} takes a day such as 2011-12-11 or a time such as 2011-12-11T09:30:00Z, not '{found}'.";
}
