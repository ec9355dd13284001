namespace Lifecycle.Engine.Ingest;

/// <summary>Why an event could not be taken. Stored names.</summary>
public static class QuarantineReasons
{
    public const string MissingCustomer = "missing_customer";
    public const string InvalidId = "invalid_id";
    public const string InvalidField = "invalid_field";
    public const string MissingField = "missing_field";
    public const string DuplicateField = "duplicate_field";
    public const string UnknownCurrency = "unknown_currency";
    public const string AmountOutOfRange = "amount_out_of_range";
    public const string OccurredAtOutOfRange = "occurred_at_out_of_range";
    public const string OccurredAtInFuture = "occurred_at_in_future";
    public const string TooManyItems = "too_many_items";
    public const string EventTooLarge = "event_too_large";

    /// <summary>A CloudEvent of another version of the specification.</summary>
    public const string UnsupportedSpecversion = "unsupported_specversion";

    /// <summary>The id was used before with another body.</summary>
    public const string IdReused = "id_reused";

    /// <summary>The customer's history cannot be read; an operator has to look at it before anything is decided.</summary>
    public const string CustomerIsolated = UnavailableCodes.Isolated;
}
