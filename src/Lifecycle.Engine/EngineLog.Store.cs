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

    [LoggerMessage(
        1103, LogLevel.Warning,
        "{Path} is a backup of {MadeAt} that was put here by hand. It begins a history of its own: older cursors of " +
        "the feed, cuts of scans and entity tags are refused. 'lifecycle restore' also proves that it is whole")]
    public static partial void BackupTaken(ILogger logger, string path, string madeAt);

    [LoggerMessage(
        1104, LogLevel.Warning,
        "{Path} ends at position {Head}, and its entries up to {Known} were seen before: it was put back. It begins " +
        "a history of its own: older cursors of the feed, cuts of scans and entity tags are refused. " +
        "'lifecycle verify' proves that it is whole")]
    public static partial void JournalWentBack(ILogger logger, string path, long head, long known);

    [LoggerMessage(
        1105, LogLevel.Error,
        "The journal ends at position {Head}, and this process has seen entries up to {Known}: it was put back under " +
        "it, and positions are given again. Nothing more is answered: stop every process that uses it, run " +
        "'lifecycle adopt', start again")]
    public static partial void JournalPutBack(ILogger logger, long head, long known);
}
