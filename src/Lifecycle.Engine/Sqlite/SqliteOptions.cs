using System.ComponentModel.DataAnnotations;

namespace Lifecycle.Engine.Sqlite;

/// <summary>Where the embedded store is and how much it may use. Wrong values stop the process at start.</summary>
public sealed class SqliteOptions
{
    /// <summary>The folder of both files, the lock and the installation key. Made when it does not exist.</summary>
    [Required]
    public string Folder { get; set; } = "data";

    /// <summary>
    /// Connections that read the journal at once, 1 to 64; as many again read the projection. Default 4: a read is
    /// short, and more than there are cores only adds memory.
    /// </summary>
    [Range(1, 64)]
    public int ReadersMax { get; set; } = 4;

    /// <summary>
    /// Pages of a file that its writer keeps in memory, 1 MiB to 64 GiB. Default 64 MiB: the upper levels of the
    /// journal's two indexes for tens of millions of entries.
    /// </summary>
    [Range(1L << 20, 1L << 36)]
    public long WriterCacheBytes { get; set; } = 64L << 20;

    /// <summary>The same for each reading connection, 64 KiB to 4 GiB. Default 8 MiB.</summary>
    [Range(1L << 16, 1L << 32)]
    public long ReaderCacheBytes { get; set; } = 8L << 20;

    /// <summary>The journal takes no more entries at this size, 1 MiB to 16 TiB. Default 1 TiB.</summary>
    [Range(1L << 20, 1L << 44)]
    public long JournalBytesMax { get; set; } = 1L << 40;

    /// <summary>How long a statement waits for another program's lock on a file, 1 to 60 seconds. Default 5.</summary>
    [Range(1, 60)]
    public int BusySecondsMax { get; set; } = 5;
}
