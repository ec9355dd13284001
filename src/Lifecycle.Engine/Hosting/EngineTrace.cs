using System.Diagnostics;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// The spans of the source <c>Lifecycle.Engine</c>: what is done once for many. Names are for ever. While nobody listens
/// nothing is made.
/// </summary>
internal static class EngineTrace
{
    public const string Name = "Lifecycle.Engine";

    /// <summary>A transaction of the journal.</summary>
    public const string Commit = "lifecycle.commit";

    /// <summary>A read of customers whose actors begin.</summary>
    public const string Load = "lifecycle.load";

    public const string Customers = "lifecycle.customers";
    public const string Entries = "lifecycle.entries";

    /// <summary>Askers that one span is linked with: those of a full batch would make it larger than the batch.</summary>
    private const int AskersMax = 128;

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Who asks now; null while nobody listens.</summary>
    public static Activity? Asker => Source.HasListeners() ? Activity.Current : null;

    /// <summary>A span of what is done for whoever asks now.</summary>
    public static Activity? Begin(string name) => Source.StartActivity(name);

    /// <summary>
    /// A span of what is done for several who asked. It is part of the first one's trace, and linked with the others in
    /// both directions, so that each of them leads to it.
    /// </summary>
    public static Activity? Begin(string name, IEnumerable<Activity?> askers)
    {
        if (!Source.HasListeners()) return null;
        // Of one that is not kept nobody would see what is below it.
        var all = askers.OfType<Activity>().Distinct().Take(AskersMax).OrderByDescending(asker => asker.Recorded).ToList();
        var others = all.Skip(1).Where(asker => asker.Recorded).ToList();
        // Whoever started the loop that comes here is no asker.
        Activity.Current = null;
        var span = Source.StartActivity(
            name, ActivityKind.Internal, all is [var first, ..] ? first.Context : default,
            links: others.Select(asker => new ActivityLink(asker.Context)));
        if (span is not null)
            foreach (var asker in others) asker.AddLink(new(span.Context));
        return span;
    }
}
