using System.CommandLine;
using Lifecycle.Cli.Output;
using Lifecycle.Client;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle merge</c> and <c>unmerge</c>: two ids of one person.</summary>
internal static class MergeCommand
{
    private delegate Task<Receipt> LinkAsync(
        LifecycleClient api, string customer, string other, CommandOptions options, CancellationToken cancel);

    public static Command Merge(GlobalOptions globals, Surroundings surroundings) => Build(
        new("merge", "From now on the id FROM leads to the customer INTO, with all it had."),
        new("INTO") { Description = "An id of the customer." },
        new("FROM") { Description = "The other id; one of which nothing is known becomes an alias." },
        (into, from) => $"{from} leads to {into}",
        (api, into, from, options, cancel) => api.MergeAsync(into, from, options, cancel),
        globals, surroundings);

    public static Command Unmerge(GlobalOptions globals, Surroundings surroundings) => Build(
        new("unmerge", "The id ALIAS is a customer of its own again, with what it brought and what came to it since."),
        new("CUSTOMER") { Description = "An id of the customer." },
        new("ALIAS") { Description = "An id that was merged into it." },
        (of, alias) => $"{alias} has left {of}",
        (api, of, alias, options, cancel) => api.UnmergeAsync(of, alias, options, cancel),
        globals, surroundings);

    private static Command Build(
        Command command, Argument<string> customer, Argument<string> other, Func<string, string, string> done,
        LinkAsync linkAsync, GlobalOptions globals, Surroundings surroundings)
    {
        var key = new Option<string?>("--idempotency-key")
        {
            Description = "The same key again gives the first receipt. Default: one made for this run.",
        };
        command.Add(customer);
        command.Add(other);
        command.Add(key);
        command.SetAction(async (parsed, cancel) =>
        {
            var (into, from) = (parsed.GetRequiredValue(customer), parsed.GetRequiredValue(other));
            // Every repetition carries the key: a lost answer is worth asking for again.
            using var api = globals.Connect(parsed, surroundings.Retry);
            var receipt = await linkAsync(api, into, from, new() { IdempotencyKey = parsed.GetValue(key) }, cancel);
            if (globals.Json(parsed)) WriteJson(surroundings.Out, receipt);
            else
                surroundings.Out.WriteLine(
                    $"{done(into, from)}{(receipt.IsReplayed ? " already" : "")}. {receipt.Customer}:"
                    + $" {receipt.Available} points, {receipt.Pending} pending, stage {receipt.Stage}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static void WriteJson(TextWriter writer, Receipt receipt) => JsonOut.Write(writer, json =>
    {
        json.WriteStartObject();
        json.WriteString("customer", receipt.Customer);
        json.WriteNumber("version", receipt.Version);
        json.WriteBoolean("replayed", receipt.IsReplayed);
        json.WriteNumber("available", receipt.Available);
        json.WriteNumber("pending", receipt.Pending);
        json.WriteNumber("held", receipt.Held);
        json.WriteString("stage", receipt.Stage);
        json.WriteEndObject();
    });
}
