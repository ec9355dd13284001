using System.CommandLine;
using System.Globalization;

namespace Lifecycle.Cli;

/// <summary>A whole number within bounds, which help and errors name.</summary>
internal static class NumberArgument
{
    /// <param name="description">A sentence; the bounds are added to it.</param>
    public static Option<int> Option(string name, string description, int fallback, int min, int max) => new(name)
    {
        Description = $"{description} {min} to {max}.",
        DefaultValueFactory = _ => fallback,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= min && number <= max)
            {
                return number;
            }

            result.AddError($"{name} takes a number from {min} to {max}, not '{text}'.");
            return default;
        },
    };
}
