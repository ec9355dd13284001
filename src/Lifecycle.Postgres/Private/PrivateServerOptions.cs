using System.ComponentModel.DataAnnotations;

namespace Lifecycle.Postgres.Private;

/// <summary>A server of one's own, for development, tests and benchmarks.</summary>
public sealed class PrivateServerOptions
{
    public const int ConnectionsFewest = 10;
    public const int ConnectionsMost = 1_000;
    public const int PortMost = 65_535;

    /// <summary>
    /// Holds the data, the password and the log; made when it does not exist, and taken up when it does.
    /// </summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Its cache, 16 to 1,048,576 MB. Default 256.</summary>
    [Range(16, 1 << 20)]
    public int SharedBuffersMegabytes { get; set; } = 256;

    /// <summary>
    /// Log between two checkpoints, 64 to 1,048,576 MB. Default 4096: the disk is to have that much free.
    /// </summary>
    [Range(64, 1 << 20)]
    public int WalMegabytesMax { get; set; } = 4096;

    /// <summary>Connections, 10 to 1000. Default 200.</summary>
    [Range(ConnectionsFewest, ConnectionsMost)]
    public int ConnectionsMax { get; set; } = 200;

    /// <summary>Where it listens, 0 to 65535. Default 0: a port that is free, another one at each start.</summary>
    [Range(0, PortMost)]
    public int Port { get; set; }

    /// <summary>How long a start may take, 1 to 3600 seconds. Default 60: after a crash the log is replayed.</summary>
    [Range(1, 3600)]
    public int StartSecondsMax { get; set; } = 60;

    /// <summary>Further settings of the server, which come last.</summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>();
}
