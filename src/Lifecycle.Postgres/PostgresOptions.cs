using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Lifecycle.Postgres;

/// <summary>
/// Which database, and how much of it may be used. Wrong values stop the process at start; the message names the
/// option.
/// </summary>
public sealed class PostgresOptions : IValidatableObject
{
    /// <summary>
    /// Host, port, database, user and password, as Npgsql writes them. It leads to the server itself: a pooler that
    /// shares sessions between transactions loses the lock that proves ownership.
    /// </summary>
    [Required(ErrorMessage = "ConnectionString must name a PostgreSQL database: Host=…;Database=…;Username=…")]
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema of all tables: small letters, digits and underscores, up to 63. Default lifecycle.</summary>
    [Required]
    [RegularExpression("^[a-z_][a-z0-9_]{0,62}$", ErrorMessage =
        "Schema must begin with a small letter or an underscore and have small letters, digits and underscores only.")]
    public string Schema { get; set; } = "lifecycle";

    /// <summary>
    /// One process alone writes, and another one is refused at its start; true by default. False lets several processes
    /// write side by side: then only the history of each customer and the unique keys keep them apart.
    /// </summary>
    public bool Exclusive { get; set; } = true;

    /// <summary>
    /// Parts of the journal, by customer, 1 to 256; fixed when the tables are made. Default 8: each is vacuumed, backed
    /// up and moved by itself. More cost more for each batch.
    /// </summary>
    [Range(1, 256)]
    public int Partitions { get; set; } = 8;

    /// <summary>
    /// Appends at once, 1 to 16. Default 2: one keeps one core of the server busy, and past the cores of the server
    /// more only wait for each other.
    /// </summary>
    [Range(1, 16)]
    public int Lanes { get; set; } = 2;

    /// <summary>Connections that read at once, 1 to 64. Default 8.</summary>
    [Range(1, 64)]
    public int ReadersMax { get; set; } = 8;

    /// <summary>
    /// How often a batch is sent when the server or the way to it fails, 1 to 20, waiting 50 ms, then twice as long
    /// each time up to a second. Default 8: about four seconds, a restart of the server.
    /// </summary>
    [Range(1, 20)]
    public int AppendAttemptsMax { get; set; } = 8;

    /// <summary>How long a connection may take to be made, 1 to 60 seconds. Default 5.</summary>
    [Range(1, 60)]
    public int ConnectSecondsMax { get; set; } = 5;

    /// <summary>
    /// How long a statement may take, 1 to 3600 seconds. Default 30. A batch waits that long for one of another process
    /// that has the same customer.
    /// </summary>
    [Range(1, 3600)]
    public int StatementSecondsMax { get; set; } = 30;

    /// <summary>
    /// How long a start waits for the process before it to give up the store, 0 to 300 seconds. Default 5: the server
    /// needs a moment to notice that a process is gone.
    /// </summary>
    [Range(0, 300)]
    public int OwnerWaitSecondsMax { get; set; } = 5;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        string? problem = null;
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(ConnectionString);
            if (string.IsNullOrEmpty(parsed.Host)) problem = "names no Host";
            else if (parsed.Host.Contains(',', StringComparison.Ordinal))
                problem = "names several hosts, and a standby among them would answer what was true some time ago; " +
                    "name one that always leads to the primary";
            else if (string.IsNullOrEmpty(parsed.Database)) problem = "names no Database";
            else if (parsed.Multiplexing) problem = "asks for Multiplexing, under which there are no transactions";
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The parser names the keyword, and never a value: it may be a password.
            var message = e is ArgumentException { ParamName: { } name }
                ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
                : e.Message;
            problem = $"cannot be read: {message.TrimEnd('.')}";
        }

        if (problem is not null) yield return new($"ConnectionString {problem}.", [nameof(ConnectionString)]);
    }
}
