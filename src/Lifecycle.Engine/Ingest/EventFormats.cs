namespace Lifecycle.Engine.Ingest;

/// <summary>How the kept body of an event is to be read. Stored names.</summary>
public static class EventFormats
{
    /// <summary>Our own event, as <c>POST /v1/events</c> takes it.</summary>
    public const string Event = "event";

    /// <summary>A CloudEvent in the JSON format of its specification.</summary>
    public const string CloudEvent = "cloudevent";
}
