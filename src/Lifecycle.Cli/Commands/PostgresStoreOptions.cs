using System.CommandLine;
using Lifecycle.Postgres;

namespace Lifecycle.Cli.Commands;

/// <summary>The options that name a store in a PostgreSQL database.</summary>
internal sealed class PostgresStoreOptions
{
    private const string SchemaDefault = "lifecycle";

    public Option<string?> Connection { get; } = new("--postgres")
    {
        Description = "A PostgreSQL database, as in Lifecycle:Postgres:ConnectionString.", HelpName = "CONNECTION",
    };

    public Option<string> Schema { get; } = new("--schema")
    {
        Description = $"The schema of the tables. Default: {SchemaDefault}.", HelpName = "NAME",
        DefaultValueFactory = _ => SchemaDefault,
    };

    /// <summary>The store that was named; null for none.</summary>
    public PostgresOptions? Of(ParseResult parsed) => parsed.GetValue(Connection) is { } connection
        ? new PostgresOptions { ConnectionString = connection, Schema = parsed.GetValue(Schema)! }
        : null;
}
