namespace Lifecycle.Server;

/// <summary>
/// Names what .NET's own reader of settings drops without a word: a mistyped one must not start a process with the
/// default. What is in a section is the matter of its options.
/// </summary>
internal static class StartSettings
{
    private const string Root = "Lifecycle";
    private const string Mark = "--";
    private const string Telemetry = "OTEL_";
    private const string Example = $"Options are written as in {Mark}{Root}:Urls=http://localhost:5081.";

    /// <summary>Of <see cref="Root"/>, in all programs: those of one deployment may share their variables.</summary>
    private static readonly string[] Sections =
        ["Urls", "Store", "Folder", "Program", "Engine", "Web", "Postgres", "PrivatePostgres", "Cluster", "Balancer"];

    /// <summary>The host's own, and those of telemetry by their beginning.</summary>
    private static readonly string[] Others =
        [Root, "Logging", "Kestrel", "AllowedHosts", "environment", "contentRoot", "applicationName"];

    /// <summary>Looks at a command line before it is read.</summary>
    /// <param name="args">As the program got them.</param>
    /// <param name="shortNames">Of options that are not written as settings, such as <c>role</c>.</param>
    /// <exception cref="StartSettingsException">One is no option, or lacks its value.</exception>
    public static void Check(IReadOnlyList<string> args, params IEnumerable<string> shortNames)
    {
        var known = new HashSet<string>(Others.Concat(shortNames), StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var parts = args[i].Split('=', 2);
            var name = parts[0];
            if (!IsOption(name) || !(known.Contains(name[Mark.Length..].Split(':')[0]) || IsOfTelemetry(name)))
                throw new StartSettingsException($"'{name}' is no option. {Example}");
            if (parts.Length == 2) continue;
            if (++i == args.Count || IsOption(args[i]))
                throw new StartSettingsException($"{name} needs a value. {Example}");
        }
    }

    /// <summary>Looks at what was read from wherever.</summary>
    /// <exception cref="StartSettingsException">There is one that nobody reads.</exception>
    public static void Check(IConfiguration configuration)
    {
        var unread = configuration.GetSection(Root).GetChildren()
            .FirstOrDefault(child => !Sections.Contains(child.Key, StringComparer.OrdinalIgnoreCase));
        if (unread is not null)
            throw new StartSettingsException($"{unread.Path} is no setting: {Root} has {string.Join(", ", Sections)}.");
    }

    private static bool IsOption(string word) => word.StartsWith(Mark, StringComparison.Ordinal);

    private static bool IsOfTelemetry(string name) =>
        name.AsSpan(Mark.Length).StartsWith(Telemetry, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A setting is none. The message says which, and what there is.</summary>
internal sealed class StartSettingsException(string message) : Exception(message);
