using System.Globalization;
using Lifecycle.Engine.Store;

namespace Lifecycle.Postgres.Private;

/// <summary>Where the programs of an installed PostgreSQL are.</summary>
public static class PostgresBinaries
{
    /// <summary>Names the folder that has <c>initdb</c> and <c>postgres</c>, in place of a search.</summary>
    public const string Variable = "LIFECYCLE_POSTGRES_BIN";

    // Debian and Ubuntu; Fedora; the two of Homebrew; Postgres.app. A star stands for a version.
    private static readonly string[] Places =
    [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/opt/homebrew/bin",
        "/usr/local/opt/postgresql@*/bin", "/usr/local/pgsql/bin", "/usr/local/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
    ];

    /// <summary>The folder, newest version first; null when there is none.</summary>
    /// <exception cref="StoreException">The variable names a folder without them.</exception>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            if (HasPrograms(named)) return named;
            throw new StoreException($"{Variable} names {named}, which has no initdb and postgres.");
        }

        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(Places.SelectMany(Expand))
            .FirstOrDefault(HasPrograms);
    }

    /// <exception cref="StoreException">No PostgreSQL is installed; the message says what to do.</exception>
    public static string Require() => Find() ?? throw new StoreException(
        "No PostgreSQL is installed here: initdb and postgres were not found. Install the server's package " +
        $"(postgresql), or name the folder of its programs in {Variable}, or give a connection string.");

    private static bool HasPrograms(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    private static IEnumerable<string> Expand(string place)
    {
        var star = place.IndexOf('*', StringComparison.Ordinal);
        if (star < 0) return [place];
        var parent = Path.GetDirectoryName(place[..star])!;
        if (!Directory.Exists(parent)) return [];
        var (begin, end) = (place[(parent.Length + 1)..star], place[(star + 1)..]);
        return Directory.EnumerateDirectories(parent, begin + "*")
            .OrderByDescending(folder => VersionOf(Path.GetFileName(folder)[begin.Length..]))
            .Select(folder => folder + end);
    }

    private static double VersionOf(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version)
            ? version
            : 0;
}
