using System.Globalization;
using Lifecycle.Engine.Store;
using Npgsql;

namespace Lifecycle.Postgres;

/// <summary>How a connection is made and what is set on it.</summary>
internal static class Sessions
{
    /// <summary>Synchronous: a commit that returned is on the disk.</summary>
    /// <param name="connected">Told before a new connection is used.</param>
    /// <param name="enter">Statements that each new session begins with.</param>
    public static NpgsqlDataSource Journal(
        PostgresOptions options, int poolMax, Action connected, Func<string> enter) => Build(
        options, "journal", poolMax,
        // Stronger is kept: a standby that has applied it too.
        "case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end",
        LookUps,
        found =>
        {
            connected();
            CheckDurable(found);
        },
        enter);

    /// <summary>
    /// Not synchronous: the table is a cache. The watermark is written in the transaction of the rows, and the log is
    /// replayed in its order, so what a crash takes is the last rows together with the watermark that named them.
    /// </summary>
    public static NpgsqlDataSource Projection(PostgresOptions options, int poolMax) =>
        Build(options, "projection", poolMax, "'off'", "", null);

    public static NpgsqlDataSource Reads(PostgresOptions options, int poolMax) =>
        Build(options, "reads", poolMax, "'off'", LookUps, null);

    /// <summary>Nothing but locks; opened only where they are shared with other processes.</summary>
    public static NpgsqlDataSource Locks(PostgresOptions options, int poolMax) =>
        Build(options, "locks", poolMax, "'off'", "", null);

    /// <summary>
    /// Of statements that find rows by their keys. A plan is made once: planning over the partitions took 1.3 ms, a
    /// third of a look-up of 800 rows. And a plan that was made while a table was small must not read all of it when it
    /// is large.
    /// </summary>
    private const string LookUps =
        """
        set_config('plan_cache_mode', 'force_generic_plan', false),
        set_config('enable_seqscan', 'off', false),
        set_config('enable_hashjoin', 'off', false),
        set_config('enable_mergejoin', 'off', false),
        """;

    /// <summary>
    /// Of somebody else's statements on this schema, short ones by key: prepared at their second use and without a
    /// reset between two users, as ours are.
    /// </summary>
    public static string Foreign(PostgresOptions options, string kind, int poolMax)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        settings.ApplicationName = $"{settings.ApplicationName ?? "lifecycle"} {kind}";
        settings.SearchPath = $"{options.Schema},pg_temp";
        settings.MaxPoolSize = poolMax;
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = 64;
        settings.AutoPrepareMinUsages = 2;
        settings.Enlist = false;
        settings.Timeout = options.ConnectSecondsMax;
        settings.CommandTimeout = options.StatementSecondsMax;
        settings.IncludeErrorDetail = false;
        return settings.ConnectionString;
    }

    /// <exception cref="StoreException">A commit would return before it is on the disk.</exception>
    public static void CheckDurable(string synchronousCommit)
    {
        if (synchronousCommit is "on" or "remote_apply") return;
        throw new StoreException(
            $"synchronous_commit must be on for the journal but reads back as {synchronousCommit}: an acknowledged " +
            "entry could be lost. Check what the server, the database or the role forces.");
    }

    private static NpgsqlDataSource Build(
        PostgresOptions options, string kind, int poolMax, string synchronousCommit, string planning,
        Action<string>? check, Func<string>? enter = null)
    {
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        var settings = builder.ConnectionStringBuilder;
        settings.ApplicationName = $"{settings.ApplicationName ?? "lifecycle"} {kind}";
        settings.Pooling = true;
        settings.MaxPoolSize = poolMax;
        // Nothing that a caller sets outlives its transaction, so a connection is handed on as it is. Together with
        // prepared statements this doubled what small statements reach.
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = 64;
        settings.AutoPrepareMinUsages = 2;
        settings.Enlist = false;
        settings.Timeout = options.ConnectSecondsMax;
        // The server's own limit comes first. When it does not answer the connection is given up at once.
        settings.CommandTimeout = options.StatementSecondsMax + 5;
        settings.CancellationTimeout = -1;
        // A peer that is gone without a word is noticed in half a minute.
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = 10;
        settings.TcpKeepAliveInterval = 5;
        // A page of rows with their states in a few reads.
        settings.ReadBufferSize = 32 << 10;
        // Messages could carry ids.
        settings.IncludeErrorDetail = false;
        // Only types that every server has: asking for the others costs each pool a scan of the catalogue.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        var sql = Settings(options, synchronousCommit, planning);
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(sql + enter?.Invoke(), connection);
                Check((string?)command.ExecuteScalar());
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(sql + enter?.Invoke(), connection);
                Check((string?)await command.ExecuteScalarAsync());
            });
        return builder.Build();

        void Check(string? found)
        {
            // An address can come to lead to a standby, which answers what was true some time ago.
            if (found == Standby)
            {
                throw new PostgresException(
                    "The server is a standby.", "ERROR", "ERROR", PostgresErrorCodes.ReadOnlySqlTransaction);
            }

            check?.Invoke(found!);
        }
    }

    private const string Standby = "standby";

    /// <summary>Sets all and answers what the first one reads back as, or that the server is a standby.</summary>
    private static string Settings(PostgresOptions options, string synchronousCommit, string planning) =>
        $"""
        select case when pg_is_in_recovery() then '{Standby}'
                else set_config('synchronous_commit', {synchronousCommit}, false) end,
            set_config('search_path', '{options.Schema}, pg_temp', false),
            -- Each statement sees what was committed before it began: the commit counts on it.
            set_config('default_transaction_isolation', 'read committed', false),
            set_config('default_transaction_read_only', 'off', false),
            set_config('statement_timeout', '{Millis(options.StatementSecondsMax)}', false),
            set_config('lock_timeout', '0', false),
            -- A process that was stopped inside a transaction loses it, and others who wait for its rows go on.
            set_config('idle_in_transaction_session_timeout', '{Millis(10)}', false),
            -- The server gives up a client that is gone without a word, and with it the locks, in half a minute.
            set_config('tcp_keepalives_idle', '10', false),
            set_config('tcp_keepalives_interval', '5', false),
            set_config('tcp_keepalives_count', '3', false),
            set_config('tcp_user_timeout', '30000', false),
            -- Every statement is short: compiling it costs more than running it.
            set_config('jit', 'off', false),
            {planning}
            (select set_config('default_toast_compression', 'lz4', false) from pg_settings
             where name = 'default_toast_compression' and 'lz4' = any (enumvals));
        """;

    private static string Millis(int seconds) => (seconds * 1000L).ToString(CultureInfo.InvariantCulture);
}
