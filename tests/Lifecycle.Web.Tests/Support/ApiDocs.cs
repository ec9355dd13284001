using System.Runtime.CompilerServices;

namespace Lifecycle.Web.Tests.Support;

internal static class ApiDocs
{
    /// <summary>The folder <c>docs</c>.</summary>
    public static string Folder() => Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs");

    private static string Here([CallerFilePath] string here = "") => here;

    /// <summary>The text of <c>docs/api.md</c>.</summary>
    public static string Read([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "api.md"));
}
