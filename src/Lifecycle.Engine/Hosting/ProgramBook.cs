using System.Collections.Immutable;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Hosting;

/// <summary>The programs of the installation, by the instant from which on each rules.</summary>
public sealed class ProgramBook(IStore store, TimeProvider time, ILogger<ProgramBook> logger)
{
    /// <summary>A new version takes effect this much later, so that every process has it by then.</summary>
    public static readonly TimeSpan EffectiveDelay = TimeSpan.FromSeconds(2);

    private volatile ProgramSchedule? _schedule;

    /// <summary>Set once <see cref="LoadAsync"/> is done.</summary>
    public ProgramSchedule Schedule =>
        _schedule ?? throw new InvalidOperationException("The programs are not loaded yet.");

    /// <summary>The stored documents, oldest first.</summary>
    public ImmutableArray<StoredProgram> Documents { get; private set; } = [];

    /// <summary>
    /// Loads what is stored; a document that differs from the last stored one becomes the next version.
    /// </summary>
    /// <param name="document">The YAML that the configuration names, or the shipped default.</param>
    /// <exception cref="InvalidProgramDocumentException">The document has errors.</exception>
    public async Task LoadAsync(string document, CancellationToken cancel)
    {
        var stored = (await store.Registry.ReadProgramsAsync(cancel)).ToList();
        if (stored.Count == 0 || stored[^1].Document != document)
        {
            Parse(document, stored.Count + 1);
            // Not before its predecessor's, should the clock have been set back: the newest document is to rule.
            var effectiveAt = stored.Count == 0
                ? Instant.Earliest
                : Instant.Max(Instant.From(time.GetUtcNow()).Plus(EffectiveDelay), stored[^1].EffectiveAt);
            stored.Add(await store.Registry.AddProgramAsync(document, effectiveAt, cancel));
        }

        _schedule = new ProgramSchedule(
            stored.Select(p => new ScheduledProgram(Parse(p.Document, p.Version), p.EffectiveAt)));
        Documents = [.. stored];
        EngineLog.ProgramLoaded(
            logger, Schedule.Versions[^1].Program.Name, stored[^1].Version, stored[^1].EffectiveAt.ToString());
    }

    private static Program Parse(string document, int version)
    {
        var result = ProgramDocument.Parse(document, version);
        return result.Program ?? throw new InvalidProgramDocumentException(result.Errors);
    }
}

/// <summary>A program document that cannot be used; the message lists every error with its line and column.</summary>
public sealed class InvalidProgramDocumentException(IEnumerable<ProgramError> errors) : Exception(
    "The program document has errors:" +
    string.Concat(errors.Select(e => $"{Environment.NewLine}  line {e.Line}, column {e.Column}: {e.Message}")));
