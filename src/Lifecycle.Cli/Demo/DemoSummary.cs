using System.Globalization;
using System.Text.Json;
using Lifecycle.Cli.Output;

namespace Lifecycle.Cli.Demo;

/// <summary>What a demo ends with.</summary>
/// <param name="Live">Null without a live stream.</param>
internal sealed record DemoSummary(
    ShopSettings Settings, int Customers, Filling Filling, IReadOnlyList<StageShare> Stages, LiveTotals? Live)
{
    private double PerSecond => Filling.Totals.Answered / Math.Max(Filling.Time.TotalSeconds, 0.001);

    public void WriteJson(TextWriter writer) => JsonOut.Write(writer, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("seed", Settings.Seed);
        json.WriteNumber("years", Settings.Years);
        json.WriteNumber("customers", Customers);
        json.WriteString("opened_at", Settings.OpenedAt.UtcDateTime);
        json.WriteString("filled_to", Filling.To.UtcDateTime);
        json.WriteBoolean("continued", Filling.From is not null);
        json.WriteNumber("inputs", Filling.Totals.Answered);
        json.WriteNumber("accepted", Filling.Totals.Accepted);
        json.WriteNumber("duplicates", Filling.Totals.Duplicates);
        json.WriteNumber("quarantined", Filling.Totals.Quarantined);
        json.WriteNumber("seconds", Math.Round(Filling.Time.TotalSeconds, 3));
        json.WriteNumber("inputs_per_second", Math.Round(PerSecond, 1));
        json.WriteStartObject("quarantined_reasons");
        foreach (var (reason, inputs) in Filling.Reasons) json.WriteNumber(reason, inputs);
        json.WriteEndObject();
        json.WriteStartArray("stages");
        foreach (var stage in Stages) WriteStage(json, stage);
        json.WriteEndArray();
        if (Live is { } live)
        {
            json.WriteStartObject("live");
            json.WriteNumber("events", live.Events);
            json.WriteNumber("orders", live.Orders);
            json.WriteNumber("redemptions", live.Redemptions);
            json.WriteNumber("points_redeemed", live.PointsRedeemed);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    public void WriteText(TextWriter writer, Uri url)
    {
        writer.WriteLine(Invariant(
            $"demo    {Customers:N0} customers of {Settings.Years} years, seed {Settings.Seed}, until {Filling.To:u}"));
        if (Filling.From is { } from)
            writer.WriteLine(Invariant($"        was there until {from:u} and went on from then"));
        writer.WriteLine(Invariant($"inputs  {Filling.Totals.Answered:N0} = {Filling.Totals.Accepted:N0} accepted")
            + Invariant($" + {Filling.Totals.Duplicates:N0} duplicates + {Filling.Totals.Quarantined:N0} quarantined"));
        foreach (var (reason, inputs) in Filling.Reasons)
            writer.WriteLine(Invariant($"        {inputs:N0} in the server's quarantine: {reason}"));
        writer.WriteLine(Invariant($"time    {Filling.Time.TotalSeconds:N1} s ({PerSecond:N0} inputs/s)"));
        TableOut.Write(
            writer, ["stage", "customers", "share", "worth a look"],
            [
                .. Stages.Select(stage => (IReadOnlyList<string>)
                [
                    stage.Stage, stage.Customers.ToString(CultureInfo.InvariantCulture), Invariant($"{stage.Share:P0}"),
                    string.Join("  ", stage.Examples),
                ]),
            ]);
        var example = Stages.Count == 0 ? ShopSettings.CustomerOf(1) : Stages[0].Examples[0];
        var server = url.AbsoluteUri.TrimEnd('/');
        writer.WriteLine($"look    {server}/docs");
        writer.WriteLine($"        curl -H 'Authorization: Bearer dev' {server}/v1/customers/{example}");
        writer.WriteLine("        ./lifecycle report rfm" + (url.Port == 5080 ? "" : $" --url {server}"));
    }

    public static void WriteText(TextWriter writer, LiveTotals live) => writer.WriteLine(Invariant(
        $"live    {live.Events:N0} events, {live.Orders:N0} orders, {live.Redemptions:N0} redemptions of ")
        + Invariant($"{live.PointsRedeemed:N0} points"));

    private static void WriteStage(Utf8JsonWriter json, StageShare stage)
    {
        json.WriteStartObject();
        json.WriteString("stage", stage.Stage);
        json.WriteNumber("customers", stage.Customers);
        json.WriteNumber("share", Math.Round(stage.Share, 4));
        json.WriteStartArray("examples");
        foreach (var example in stage.Examples) json.WriteStringValue(example);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
