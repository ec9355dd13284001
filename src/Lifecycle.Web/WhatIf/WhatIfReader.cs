using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Access;
using Lifecycle.Web.Points;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.WhatIf;

/// <summary>An input as if: to be decided, or an event that would go to quarantine at once.</summary>
internal sealed record AsIf(string? Id, Delivery? Delivery, EventProblem? Problem);

/// <summary>Reads inputs as their own routes would, for one customer and one instant.</summary>
internal sealed class WhatIfReader(IIdSource ids, IOptions<WebOptions> options)
{
    private const string Command = "command";
    private const string Key = "idempotency_key";
    private const string Customer = "customer";

    /// <exception cref="ProblemException">It is no input; pointers begin with <paramref name="pointer"/>.</exception>
    public AsIf Read(JsonElement json, string pointer, string customer, Instant at)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw ProblemException.Of(
                ProblemCodes.InvalidBody, pointer, "must be a JSON object: an event or a command");
        return json.TryGetProperty(Command, out var name)
            ? ReadCommand(json, name, pointer, at)
            : ReadEvent(json, pointer, customer, at);
    }

    /// <summary>As <c>POST /v1/events</c> reads it; the customer is the path's, an id is made where none is.</summary>
    public AsIf ReadEvent(JsonElement json, string pointer, string customer, Instant at)
    {
        if (json.TryGetProperty(Customer, out var named) && BodyFields.Decode(named) != customer)
            throw ProblemException.Of(
                ProblemCodes.InvalidBody, $"{pointer}/{Customer}", "must be the customer of the path, or be left out");
        return ReadEvent(With(json, (Customer, customer), ("id", ids.Next())), at);
    }

    /// <summary>The same of a whole event.</summary>
    public AsIf ReadEvent(byte[] body, Instant at)
    {
        var batch = EventReader.Read(body, at, new(1, options.Value.EventBytesMax));
        if (batch.Malformed is { } malformed) throw new ProblemException(ProblemCodes.MalformedJson, malformed.Detail);
        var read = batch.Events[0];
        return new(
            read.Id, read.Event is { } taken ? new(taken, TimeAssigned: read.TimeAssigned) : null, read.Problem);
    }

    /// <summary>The raw object with members that it lacks put before its own.</summary>
    public static byte[] With(JsonElement json, params ReadOnlySpan<(string Name, string Text)> members)
    {
        var lacking = new StringBuilder("{");
        foreach (var (name, value) in members)
            if (!json.TryGetProperty(name, out _)) lacking.Append($"\"{name}\":\"{JsonEncodedText.Encode(value)}\",");
        if (!json.EnumerateObject().Any() && lacking.Length > 1) lacking.Length--;
        // Bytes as they were sent: one that is no Unicode is for the reader of events to refuse.
        return [.. Encoding.UTF8.GetBytes(lacking.ToString()), .. JsonMarshal.GetRawUtf8Value(json)[1..]];
    }

    private AsIf ReadCommand(JsonElement json, JsonElement name, string pointer, Instant at)
    {
        var called = BodyFields.Decode(name);
        var command = CommandBodies.All.FirstOrDefault(known => known.Name == called)
            ?? throw ProblemException.Of(
                ProblemCodes.InvalidBody, $"{pointer}/{Command}",
                $"must be one of {string.Join(", ", CommandBodies.All.Select(known => known.Name))}");
        try
        {
            using var fields = BodyFields.Parse(
                JsonMarshal.GetRawUtf8Value(json).ToArray(), [.. command.Fields, Command, Key]);
            var toInput = command.Read(fields);
            var key = fields.Text(Key, InputLimits.IdMax);
            fields.ThrowIfWrong();
            var input = toInput(key ?? ids.Next(), at);
            return new(key, new(input, Keyed: key is not null, TimeAssigned: true), null);
        }
        catch (ProblemException e) when (e.Errors is { } errors)
        {
            throw Moved(e.Code, errors, wrong => pointer + wrong);
        }
    }

    /// <summary>The same faults under the names that the caller sent.</summary>
    public static ProblemException Moved(
        ProblemCode code, IReadOnlyDictionary<string, string> errors, Func<string, string> move)
    {
        var moved = errors.ToDictionary(error => move(error.Key), error => error.Value);
        var (pointer, message) = moved.First();
        return new(code, $"{pointer} {message}.") { Errors = moved };
    }
}
