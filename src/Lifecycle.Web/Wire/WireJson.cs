using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lifecycle.Web.Access;
using Lifecycle.Web.Customers;
using Lifecycle.Web.Entries;
using Lifecycle.Web.Events;
using Lifecycle.Web.Feed;
using Lifecycle.Web.Identity;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Points;
using Lifecycle.Web.Population;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Programs;
using Lifecycle.Web.Quarantine;
using Lifecycle.Web.Reports;
using Lifecycle.Web.Segment;
using Lifecycle.Web.WhatIf;

namespace Lifecycle.Web.Wire;

/// <summary>Everything that this boundary writes.</summary>
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(EventsWire))]
[JsonSerializable(typeof(CustomerWire))]
[JsonSerializable(typeof(StatusWire))]
[JsonSerializable(typeof(ExplanationWire))]
[JsonSerializable(typeof(EntriesWire))]
[JsonSerializable(typeof(LedgerWire))]
[JsonSerializable(typeof(FeedWire))]
[JsonSerializable(typeof(CustomersWire))]
[JsonSerializable(typeof(ReceiptWire))]
[JsonSerializable(typeof(AliasesWire))]
[JsonSerializable(typeof(WhatIfWire))]
[JsonSerializable(typeof(CalculationWire))]
[JsonSerializable(typeof(KeyListWire))]
[JsonSerializable(typeof(NewKeyWire))]
[JsonSerializable(typeof(QuarantineWire))]
[JsonSerializable(typeof(QuarantinedEventWire))]
[JsonSerializable(typeof(QuarantineReplayWire))]
[JsonSerializable(typeof(QuarantineSettledWire))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ProgramsWire))]
[JsonSerializable(typeof(ProgramDocumentWire))]
[JsonSerializable(typeof(ProgramDiffWire))]
[JsonSerializable(typeof(ActivationWire))]
[JsonSerializable(typeof(ReportCatalogueWire))]
[JsonSerializable(typeof(ReportWire))]
[JsonSerializable(typeof(VerificationWire))]
[JsonSerializable(typeof(HealthWire))]
[JsonSerializable(typeof(SegmentWire))]
[JsonSerializable(typeof(SegmentSettingsWire))]
[JsonSerializable(typeof(RudderSourceWire))]
[JsonSerializable(typeof(RudderClusterWire))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>
    /// Texts are written as they are, but for what JSON itself needs: the answers are never put into a page of HTML,
    /// and
    /// escapes make a Chinese stage name or a rule with a comparison hard to read.
    /// </summary>
    public static readonly WireJson Wire = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
