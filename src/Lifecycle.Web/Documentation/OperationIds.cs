using System.Globalization;

namespace Lifecycle.Web.Documentation;

/// <summary>
/// Names of operations as clients are generated from them: the method and the path, such as
/// <c>postCustomerPointsRedeem</c>. A path never changes, so neither does its name.
/// </summary>
internal static class OperationIds
{
    public static string Of(string method, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s != "v1").ToArray();
        var name = method.ToLowerInvariant();
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].StartsWith('{')) continue;
            var isOne = i + 1 < segments.Length && segments[i + 1].StartsWith('{');
            foreach (var word in segments[i].Split('-', '_', '.'))
                name += char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..];
            if (!isOne) continue;
            // A word without a plural: one of the quarantine is not the quarantine.
            if (!name.EndsWith('s')) name += "Item";
            else name = name.EndsWith("ies", StringComparison.Ordinal)
                ? $"{name[..^3]}y"
                : name[..^1];
        }

        return name;
    }
}
