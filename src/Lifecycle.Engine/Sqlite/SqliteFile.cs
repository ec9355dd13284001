using System.Globalization;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite;

/// <summary>One database file: how a connection to it is opened, which schema it has, what its errors mean.</summary>
internal sealed class SqliteFile
{
    // Marks a file as ours ("lifc"), so that another program's database is refused and not migrated.
    private const int ApplicationId = 0x6c696663;

    private readonly SqliteOptions _options;
    private readonly SqliteSettings _writer;
    private readonly SqliteSettings _reader;
    private readonly IReadOnlyList<string> _migrations;
    private bool _marksDamage;

    private SqliteFile(
        string path, SqliteOptions options, Func<SqliteOptions, long, SqliteSettings> settings,
        IReadOnlyList<string> migrations)
    {
        Path = path;
        _options = options;
        _writer = settings(options, options.WriterCacheBytes);
        _reader = settings(options, options.ReaderCacheBytes);
        _migrations = migrations;
    }

    public string Path { get; }

    /// <summary>It holds nothing that the journal does not.</summary>
    public bool Rebuildable { get; private init; }

    /// <summary>Written when damage is met, so that the next start does not use the file.</summary>
    public string DamageMark => Path + ".damage";

    public static SqliteFile Journal(SqliteOptions options) => new(
        System.IO.Path.Combine(options.Folder, "journal.db"), options, SqliteSettings.Journal, SqliteSchema.Journal);

    /// <summary>A journal under another name than a store gives it: a backup.</summary>
    public static SqliteFile JournalAt(string path) =>
        new(path, new SqliteOptions(), SqliteSettings.Journal, SqliteSchema.Journal);

    /// <param name="options">Says where it is.</param>
    /// <param name="marksDamage">Whether this process owns the file, and may decide that it is replaced.</param>
    public static SqliteFile Projection(SqliteOptions options, bool marksDamage) => new(
        System.IO.Path.Combine(options.Folder, "projection.db"), options, SqliteSettings.Projection,
        SqliteSchema.Projection)
    {
        Rebuildable = true,
        _marksDamage = marksDamage,
    };

    /// <summary>Makes the file when there is none and brings an older schema up to this code's.</summary>
    /// <exception cref="StoreException">The schema is newer than this code, or the file is not ours.</exception>
    public SqliteSession OpenWriter()
    {
        if (!File.Exists(Path)) CreateForOwner();
        var session = new SqliteSession(Path, SqliteOpenMode.ReadWrite, _options.BusySecondsMax);
        try
        {
            // Before the settings: switching to WAL would already write to another program's file.
            var version = CheckVersion(session);
            _writer.Apply(session, Path);
            if (version < _migrations.Count) Migrate(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>A connection that cannot write.</summary>
    /// <exception cref="StoreException">The schema is not that of this code.</exception>
    public SqliteSession OpenReader()
    {
        var session = new SqliteSession(Path, SqliteOpenMode.ReadOnly, _options.BusySecondsMax);
        try
        {
            if (CheckVersion(session) is var version && version < _migrations.Count)
            {
                throw new StoreException(
                    $"{Path} has schema {version}, this program reads schema {_migrations.Count}. " +
                    "Start the server of this version on the folder once; it upgrades the file.");
            }

            _reader.ApplyToReader(session, Path);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>A connection that only reads, to a journal of this schema or an older one.</summary>
    /// <exception cref="StoreException">There is no such file, it is newer than this code, or no journal.</exception>
    public SqliteSession OpenAnyVersion()
    {
        if (!File.Exists(Path)) throw new StoreException($"There is no journal: no {Path}.");
        var session = new SqliteSession(Path, SqliteOpenMode.ReadOnly, _options.BusySecondsMax);
        try
        {
            CheckVersion(session);
            if (session.ReadText("select 1 from sqlite_schema where name = 'journal'") is not null) return session;
            throw new StoreException($"{Path} holds no journal of Lifecycle.");
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Whether the next writer upgrades it. It is there, and is only read.</summary>
    /// <exception cref="StoreException">It is newer than this code, or no journal.</exception>
    public bool IsOlder()
    {
        using var session = OpenAnyVersion();
        return CheckVersion(session) < _migrations.Count;
    }

    /// <summary>What a failure means to an operator, and what to do.</summary>
    public StoreException Explain(SqliteException failure)
    {
        if (SqliteErrors.IsDamage(failure) && _marksDamage) MarkDamage();
        return SqliteErrors.Explain(failure, this);
    }

    // It holds readable ids. SQLite takes an empty file for a new database and gives its log the same permissions.
    private void CreateForOwner()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            new FileStream(Path, options).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{Path} cannot be made: {e.Message}", e);
        }
    }

    private int CheckVersion(SqliteSession session)
    {
        var version = Number(session, "user_version");
        if (version > _migrations.Count)
        {
            throw new StoreException(
                $"{Path} has schema {version}, which is newer than this program's {_migrations.Count}. " +
                "Use the version that wrote it or a later one.");
        }

        var ours = Number(session, "application_id") == ApplicationId;
        if (!ours && session.ReadText("select count(*) from sqlite_schema") != "0")
            throw new StoreException($"{Path} is a database of another program. Choose another data folder.");
        return version;
    }

    private void Migrate(SqliteSession session)
    {
        session.Execute("begin immediate");
        for (var version = Number(session, "user_version"); version < _migrations.Count; version++)
            session.Execute(_migrations[version]);
        session.ReadText($"pragma user_version = {_migrations.Count.ToString(CultureInfo.InvariantCulture)}");
        session.ReadText($"pragma application_id = {ApplicationId.ToString(CultureInfo.InvariantCulture)}");
        session.Execute("commit");
    }

    private static int Number(SqliteSession session, string pragma) =>
        int.Parse(session.ReadText($"pragma {pragma}") ?? "0", CultureInfo.InvariantCulture);

    private void MarkDamage()
    {
        try
        {
            File.WriteAllText(DamageMark, "The next start moves the file aside and makes a new one.\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that is being explained is what the operator has to see.
        }
    }
}
