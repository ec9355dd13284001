using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// Whether the journal takes what is written. Once an append has failed it does not, until another one or a trial
/// succeeds: a process that is not ready gets no traffic, so it has to try by itself.
/// </summary>
public sealed class Writability(IJournal journal, ILogger<Writability> logger)
{
    private int _failing;

    /// <summary>
    /// For an operator; null while the journal is written. The reason, with paths and hosts, is in the log alone:
    /// anybody may ask for readiness.
    /// </summary>
    public string? Problem => Volatile.Read(ref _failing) == 0
        ? null
        : "The journal cannot be written; the log says why (event 1014).";

    internal void Failed(StoreException cause)
    {
        if (Interlocked.Exchange(ref _failing, 1) == 0) EngineLog.JournalUnwritable(logger, cause.Message, cause);
    }

    internal void Succeeded()
    {
        // The usual case costs a read.
        if (Volatile.Read(ref _failing) == 0) return;
        if (Interlocked.Exchange(ref _failing, 0) == 1) EngineLog.JournalWritable(logger);
    }

    /// <summary>Tries again whether it can be written, if it could not; done several times within each lease.</summary>
    public async Task TryAsync(CancellationToken cancel)
    {
        if (Volatile.Read(ref _failing) == 0) return;
        try
        {
            await journal.TryWriteAsync(cancel);
            Succeeded();
        }
        catch (StoreException)
        {
            // Said when it began.
        }
    }
}
