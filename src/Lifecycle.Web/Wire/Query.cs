using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Wire;

/// <summary>Reads what a query says; anything wrong is a problem that names the parameter.</summary>
internal static class Query
{
    public const int LimitDefault = 50;
    public const int LimitMax = 200;

    public static int Limit(HttpRequest request, int otherwise = LimitDefault)
    {
        if (!request.Query.TryGetValue("limit", out var values)) return otherwise;
        if (values is [{ } text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= LimitMax)
            return limit;
        throw ProblemException.Of(
            ProblemCodes.InvalidParameter, "limit", $"must be a whole number from 1 to {LimitMax}");
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
