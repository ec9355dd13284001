using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Lifecycle.Client.Transport;

/// <summary>Everything that goes over the wire, generated at build time.</summary>
[JsonSerializable(typeof(CustomerEvent))]
[JsonSerializable(typeof(EventsAnswer))]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(CustomerStatus))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(EntryPage))]
[JsonSerializable(typeof(LedgerPage))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(RedeemBody))]
[JsonSerializable(typeof(AdjustBody))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(ReportCatalogue))]
[JsonSerializable(typeof(Report))]
[JsonSerializable(typeof(Programs))]
[JsonSerializable(typeof(ProgramDocument))]
[JsonSerializable(typeof(DocumentBody))]
[JsonSerializable(typeof(ProgramDiff))]
[JsonSerializable(typeof(Activation))]
[JsonSerializable(typeof(ActivationBody))]
[JsonSerializable(typeof(QuarantinePage))]
[JsonSerializable(typeof(QuarantinedEvent))]
[JsonSerializable(typeof(QuarantinedBody))]
[JsonSerializable(typeof(QuarantineReplay))]
[JsonSerializable(typeof(QuarantineSettled))]
[JsonSerializable(typeof(DiscardBody))]
[JsonSerializable(typeof(FieldList))]
[JsonSerializable(typeof(CustomerAliases))]
[JsonSerializable(typeof(MergeBody))]
[JsonSerializable(typeof(UnmergeBody))]
[JsonSerializable(typeof(WhatIfBody))]
[JsonSerializable(typeof(WhatIf))]
[JsonSerializable(typeof(EventData))]
[JsonSerializable(typeof(CalculateEventBody))]
[JsonSerializable(typeof(Calculation))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(NewKeyBody))]
[JsonSerializable(typeof(NewApiKey))]
[JsonSerializable(typeof(Verification))]
[JsonSerializable(typeof(CustomerPage))]
[JsonSerializable(typeof(FeedPage))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ClientJson : JsonSerializerContext
{
    /// <summary>
    /// What the server adds later is passed over; what it promised and does not send is a fault at once, not a null
    /// somewhere later.
    /// </summary>
    public static readonly ClientJson Wire = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowOutOfOrderMetadataProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

internal sealed record RedeemBody(long Points, string? Reference, string? Note);

internal sealed record AdjustBody(long Points, string Reason, string? Note);

internal sealed record FieldList(IReadOnlyList<string> Fields);

internal sealed record MergeBody(string From);

internal sealed record UnmergeBody(string Alias);

internal sealed record DiscardBody(string Reason, string? Note);

internal sealed record WhatIfBody(IReadOnlyList<WhatIfInput> Inputs, DateTimeOffset? At);

internal sealed record CalculateEventBody(WhatIfEvent Event);

internal sealed record NewKeyBody(string Name, IReadOnlyList<string> Roles);

internal sealed record KeyList(IReadOnlyList<ApiKey> Keys);
