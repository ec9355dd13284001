using System.Globalization;
using System.Net;
using Lifecycle.Cli;
using Lifecycle.Postgres;

namespace Lifecycle.Cluster.Scan;

/// <summary>How a client finds a cluster: by the gateways of its processes, or by their table in the database.</summary>
internal sealed record ClusterAddress
{
    /// <summary>The first gateway of <c>./run --cluster</c>.</summary>
    private const string Default = "127.0.0.1:30000";

    private const int ConnectionsMax = 2;

    private ClusterAddress()
    {
    }

    /// <summary>Empty where the database says them.</summary>
    private IPEndPoint[] Gateways { get; init; } = [];

    private PostgresOptions? Database { get; init; }

    /// <param name="where">HOST:PORT, with commas between several, or a connection string; null for the default.</param>
    /// <param name="schema">Of the database.</param>
    /// <exception cref="WrongUsageException">It is neither.</exception>
    /// <exception cref="CommandFailedException">A host is unknown.</exception>
    public static async Task<ClusterAddress> ParseAsync(string? where, string schema, CancellationToken cancel)
    {
        where ??= Default;
        if (where.Contains('=', StringComparison.Ordinal))
        {
            var database = new PostgresOptions { ConnectionString = where, Schema = schema };
            var fault = database.Validate(new(database)).FirstOrDefault();
            return fault is null
                ? new() { Database = database }
                : throw new WrongUsageException($"--cluster: {fault.ErrorMessage}");
        }

        var gateways = new List<IPEndPoint>();
        foreach (var gateway in where.Split(',', StringSplitOptions.TrimEntries))
            gateways.AddRange(await ResolveAsync(gateway, cancel));
        return new() { Gateways = [.. gateways] };
    }

    /// <summary>For a person: never what may be a password.</summary>
    public override string ToString() => Database is null
        ? $"its gateways {string.Join(", ", Gateways.Select(gateway => gateway.ToString()))}"
        : "the members in its database";

    public void Configure(IClientBuilder client)
    {
        if (Database is null) client.UseStaticClustering(Gateways);
        else
            client.UseAdoNetClustering(ado => (ado.Invariant, ado.ConnectionString) =
                (Silo.ClusterServices.Invariant, PostgresStore.ConnectionStringFor(Database, "client", ConnectionsMax)));
    }

    private static async Task<IEnumerable<IPEndPoint>> ResolveAsync(string gateway, CancellationToken cancel)
    {
        var colon = gateway.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(gateway.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new WrongUsageException(
                $"--cluster takes HOST:PORT of gateways or a connection string, not '{gateway}'.");
        }

        try
        {
            var found = await Dns.GetHostAddressesAsync(gateway[..colon].Trim('[', ']'), cancel);
            return found.Select(address => new IPEndPoint(address, port));
        }
        catch (System.Net.Sockets.SocketException failure)
        {
            throw new CommandFailedException($"--cluster: the host of '{gateway}' is unknown: {failure.Message}", failure);
        }
    }
}
