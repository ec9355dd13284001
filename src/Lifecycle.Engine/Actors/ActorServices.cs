using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Projection;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Actors;

/// <summary>What every actor of a process shares.</summary>
internal sealed class ActorServices(
    IStore store, InstallationSecret secret, ProgramBook programs, JournalWriter writer, Projector projector, Gate gate,
    Isolation isolation, EngineCounts counts, EngineOptions options, TimeProvider time, ILogger logger)
{
    public IStore Store { get; } = store;
    public InstallationSecret Secret { get; } = secret;
    public CustomerSealer Sealer { get; } = new(secret);
    public JournalWriter Writer { get; } = writer;
    public Gate Gate { get; } = gate;
    public EngineCounts Counts { get; } = counts;
    public Isolation Isolation { get; } = isolation;
    public EngineOptions Options { get; } = options;
    public ILogger Logger { get; } = logger;
    public Projector Projector { get; } = projector;
    public HeadLoader Loader { get; } = new(store, projector.Restore, options.Turns);

    /// <exception cref="UnavailableException">It is not known what rules now.</exception>
    public ProgramSchedule Programs => programs.Schedule;

    /// <exception cref="UnavailableException">It is not known what rules at the instant.</exception>
    public ProgramSchedule ProgramsUntil(Instant instant) => programs.Until(instant);

    public Instant Now => Instant.From(time.GetUtcNow());
}
