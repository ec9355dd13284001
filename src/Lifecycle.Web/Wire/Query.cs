using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Lifecycle.Domain.Spelling;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Wire;

/// <summary>Reads what a query says; anything wrong is a problem that names the parameter.</summary>
internal static class Query
{
    public const int LimitDefault = 50;
    public const int LimitMax = 200;

    public static int Limit(HttpRequest request, int otherwise = LimitDefault) =>
        (int)(Number(request, "limit", 1, LimitMax) ?? otherwise);

    /// <summary>Null when the query does not say.</summary>
    public static long? Number(HttpRequest request, string name, long min, long max)
    {
        if (!request.Query.TryGetValue(name, out var values)) return null;
        if (values is [{ } text]
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max && text[0] != '+')
            return number;
        throw ProblemException.Of(
            ProblemCodes.InvalidParameter, name, $"must be a whole number from {min} to {max}");
    }

    /// <summary>Null when the query does not say.</summary>
    public static string? Text(HttpRequest request, string name, int max)
    {
        if (!request.Query.TryGetValue(name, out var values)) return null;
        if (values is [{ Length: > 0 } text] && text.Length <= max) return text;
        throw ProblemException.Of(
            ProblemCodes.InvalidParameter, name, $"must be there once, with 1 to {max} characters");
    }

    /// <summary>
    /// Refuses a name that the route does not know: a filter that is ignored would answer more than was asked for.
    /// </summary>
    public static void KnowsOnly(HttpRequest request, params string[] known)
    {
        foreach (var name in request.Query.Keys)
        {
            if (known.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            var meant = Nearest.Of(name, known) is { } near ? $"; did you mean {near}?" : "";
            throw ProblemException.Of(
                ProblemCodes.InvalidParameter, name,
                $"is no parameter of this route, which knows {string.Join(", ", known)}{meant}");
        }
    }

    public static bool Flag(HttpRequest request, string name)
    {
        if (!request.Query.TryGetValue(name, out var values)) return false;
        return values switch
        {
            ["true"] => true,
            ["false"] => false,
            _ => throw ProblemException.Of(ProblemCodes.InvalidParameter, name, "must be true or false"),
        };
    }

    public static string OneOf(HttpRequest request, string name, string otherwise, params string[] allowed)
    {
        if (!request.Query.TryGetValue(name, out var values)) return otherwise;
        if (values is [{ } value] && allowed.Contains(value)) return value;
        throw ProblemException.Of(
            ProblemCodes.InvalidParameter, name, $"must be one of {string.Join(", ", allowed)}");
    }

    /// <summary>Opaque to callers: two numbers, the second 0 where one is enough.</summary>
    public static string Cursor(long first, long second = 0) =>
        Base64Url.EncodeToString(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"1:{first}:{second}")));

    public static (long First, long Second)? Cursor(HttpRequest request)
    {
        if (!request.Query.TryGetValue("cursor", out var values)) return null;
        if (values is [{ Length: > 0 and <= 100 } text] && Base64Url.IsValid(text)
            && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split(':') is ["1", var first, var second]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
            && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var two))
            return (one, two);
        throw ProblemException.Of(ProblemCodes.InvalidParameter, "cursor", "must be a next_cursor of this route");
    }
}
