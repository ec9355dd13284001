using System.Globalization;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Sqlite;

/// <summary>A pragma. The connection is refused unless it reads back as <paramref name="Expected"/>.</summary>
internal sealed record SqliteSetting(string Name, string Value, string? Expected = null);

/// <summary>The pragmas of a connection, in the order in which they are set.</summary>
internal sealed class SqliteSettings
{
    private const int JournalPageBytes = 4096;
    private const int ProjectionPageBytes = 8192;

    // Past this many pages the writer copies the log into the file. SQLite's default of 1000 is less than what one
    // batch of random index pages makes on a large journal: it would copy at each commit.
    private const int CheckpointPages = 8192;

    private const string JournalMode = "journal_mode";

    private readonly IReadOnlyList<SqliteSetting> _settings;

    private SqliteSettings(IReadOnlyList<SqliteSetting> settings) => _settings = settings;

    /// <summary>Durability first: a commit that returned is on the disk.</summary>
    public static SqliteSettings Journal(SqliteOptions options, long cacheBytes) => new(
    [
        .. Common(options, cacheBytes, JournalPageBytes),
        new("synchronous", "full", "2"),
        new("fullfsync", "on", "1"),
        new("checkpoint_fullfsync", "on", "1"),
        // What is erased is overwritten, not only unlinked.
        new("secure_delete", "on", "1"),
        new("max_page_count", Text(options.JournalBytesMax / JournalPageBytes)),
    ]);

    /// <summary>A power loss may take the last seconds of a cache, and never its consistency.</summary>
    public static SqliteSettings Projection(SqliteOptions options, long cacheBytes) => new(
    [
        .. Common(options, cacheBytes, ProjectionPageBytes),
        new("synchronous", "normal", "1"),
    ]);

    /// <summary>Sets all, then reads back those that must hold.</summary>
    /// <exception cref="StoreException">One of them reads back differently; the message names it.</exception>
    public void Apply(SqliteSession session, string path) => Apply(session, path, _settings);

    /// <summary>The same on a connection that cannot write: a file has a log beside it or, as a backup, none.</summary>
    /// <exception cref="StoreException">One of them reads back differently; the message names it.</exception>
    public void ApplyToReader(SqliteSession session, string path) =>
        Apply(session, path, [.. _settings.Where(setting => setting.Name != JournalMode)]);

    private static void Apply(SqliteSession session, string path, IReadOnlyList<SqliteSetting> settings)
    {
        foreach (var setting in settings) session.ReadText($"pragma {setting.Name} = {setting.Value}");
        foreach (var setting in settings.Where(s => s.Expected is not null))
        {
            var found = session.ReadText($"pragma {setting.Name}");
            if (found == setting.Expected) continue;
            throw new StoreException(
                $"{path}: the setting {setting.Name} must be {setting.Expected} ({setting.Value}) but reads back as " +
                $"{found ?? "nothing"}. A file system without locks or shared memory (some network mounts) does it: " +
                "put the data folder on a local disk.");
        }
    }

    private static IEnumerable<SqliteSetting> Common(SqliteOptions options, long cacheBytes, int pageBytes) =>
    [
        new("busy_timeout", Text(options.BusySecondsMax * 1000L)),
        new("page_size", Text(pageBytes)),
        new(JournalMode, "wal", "wal"),
        new("foreign_keys", "on", "1"),
        new("trusted_schema", "off", "0"),
        new("cell_size_check", "on", "1"),
        new("temp_store", "memory"),
        new("cache_size", Text(-(cacheBytes / 1024))),
        new("wal_autocheckpoint", Text(CheckpointPages)),
        new("journal_size_limit", Text(64L << 20)),
    ];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
