using System.Globalization;
using Lifecycle.Engine.Store;
using Npgsql;

namespace Lifecycle.Postgres.Schema;

/// <summary>What the server must be like; asked at each start.</summary>
internal static class ServerChecks
{
    /// <summary>The oldest server that is supported: earlier ones do not vacuum tables that only grow.</summary>
    public const int MajorMin = 13;

    /// <exception cref="StoreException">It is too old, a standby, or would lose what it acknowledged.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var found = (await connection.ReadAllAsync(
            """
            select current_setting('server_version_num')::integer, current_setting('fsync'),
                current_setting('full_page_writes'), current_setting('server_encoding'), pg_is_in_recovery(),
                current_setting('synchronous_commit')
            """,
            r => (Version: r.GetInt32(0), Sync: r.GetString(1), Pages: r.GetString(2), Encoding: r.GetString(3),
                Standby: r.GetBoolean(4), Commit: r.GetString(5)), cancel))[0];
        if (found.Version < MajorMin * 10_000)
        {
            throw new StoreException(
                $"The server is PostgreSQL {(found.Version / 10_000).ToString(CultureInfo.InvariantCulture)}; " +
                $"{MajorMin} or later is needed.");
        }

        Require("fsync", found.Sync, "a crash of the machine could lose or damage what was acknowledged");
        Require("full_page_writes", found.Pages, "a crash of the machine could leave pages half written");
        Sessions.CheckDurable(found.Commit);
        if (found.Encoding != "UTF8")
        {
            throw new StoreException(
                $"The database has the encoding {found.Encoding}; UTF8 is needed. Make one with: create database … " +
                "encoding 'UTF8' template template0");
        }

        if (found.Standby)
        {
            throw new StoreException(
                "The server is a standby and takes no writes. Name the primary in ConnectionString.");
        }
    }

    private static void Require(string setting, string found, string why)
    {
        if (found == "on") return;
        throw new StoreException(
            $"The server runs with {setting} = {found}: {why}. Set {setting} = on and restart it.");
    }
}
