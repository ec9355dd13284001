using System.Runtime.CompilerServices;

namespace Lifecycle.Web.Tests.Support;

internal static class ApiDocs
{
    /// <summary>The text of <c>docs/api.md</c>.</summary>
    public static string Read([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "api.md"));
}
