using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine;

/// <summary>Log events of the store: ids 1100 to 1199.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(
        1100, LogLevel.Information, "Opened the store in {Folder}: {Entries} entries, projection up to {Watermark}")]
    public static partial void StoreOpened(ILogger logger, string folder, long entries, long watermark);

    [LoggerMessage(
        1101, LogLevel.Warning,
        "{Path} cannot be used ({Reason}); it was moved to {Aside} and is rebuilt from the journal")]
    public static partial void ProjectionSetAside(ILogger logger, string path, string reason, string aside);

    [LoggerMessage(1102, LogLevel.Warning, "Opening {Path} anew after a failure")]
    public static partial void ConnectionReopened(ILogger logger, string path);
}
