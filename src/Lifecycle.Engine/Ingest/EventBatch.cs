using System.Collections.Immutable;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Ingest;

/// <summary>What a request's body turned out to be.</summary>
/// <param name="Events">In the order they were sent; empty when the body is malformed.</param>
/// <param name="Malformed">Set when the body cannot be taken at all: then nothing of it is.</param>
public sealed record EventBatch(ImmutableArray<EventRead> Events, MalformedBody? Malformed);

/// <summary>Why a body cannot be taken at all.</summary>
/// <param name="TooMany">It is JSON, but holds more events than a request may.</param>
/// <param name="Line">From 1.</param>
/// <param name="Byte">Of that line, from 1.</param>
/// <param name="Detail">For a person.</param>
public sealed record MalformedBody(bool TooMany, long Line, long Byte, string Detail);

/// <summary>One event of a body: understood (<see cref="Event"/>) or not (<see cref="Problem"/>).</summary>
public sealed record EventRead
{
    /// <summary>Where in the body it starts.</summary>
    public required int Start { get; init; }

    /// <summary>Its bytes.</summary>
    public required int Length { get; init; }

    /// <summary>As far as it could be read.</summary>
    public string? Id { get; init; }

    /// <summary>As far as it could be read.</summary>
    public string? Source { get; init; }

    /// <summary>As far as it could be read; always set beside <see cref="Event"/>.</summary>
    public string? Customer { get; init; }

    /// <summary>Exactly one of this and <see cref="Problem"/> is set.</summary>
    public Input.Event? Event { get; init; }

    /// <summary>The sender named no time, so it is ours: a redelivery would carry another one.</summary>
    public bool TimeAssigned { get; init; }

    /// <summary>The sender's own time, where <see cref="Event"/> has it corrected for the sender's clock.</summary>
    public Instant? ClaimedAt { get; init; }

    public EventProblem? Problem { get; init; }

    /// <summary>The event as it was sent.</summary>
    /// <param name="body">What it was read from.</param>
    public ReadOnlyMemory<byte> BodyIn(ReadOnlyMemory<byte> body) => body.Slice(Start, Length);
}

/// <summary>Why an event goes to quarantine.</summary>
/// <param name="Reason">A name of <see cref="QuarantineReasons"/>.</param>
/// <param name="Detail">For a person: what is wrong and what to do.</param>
/// <param name="Errors">What is wrong by JSON pointer, for the first <see cref="Faults.Max"/> places.</param>
public sealed record EventProblem(string Reason, string Detail, IReadOnlyDictionary<string, string> Errors);

/// <summary>What a reader of events lets through.</summary>
/// <param name="EventsMax">Events in one body.</param>
/// <param name="EventBytesMax">Bytes of one event.</param>
public sealed record EventReaderLimits(int EventsMax, int EventBytesMax)
{
    /// <summary>
    /// How far the sender's clock is behind ours: added to the times of its events. Null where it said no time of
    /// sending, so that nothing can be corrected.
    /// </summary>
    public TimeSpan? ClockBehind { get; init; }

    /// <summary>How far ahead of our clock an event may claim to have happened.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(5);

    /// <summary>Levels of nested objects and arrays in a body.</summary>
    public const int DepthMax = 64;
}
