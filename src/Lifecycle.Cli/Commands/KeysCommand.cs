using System.CommandLine;
using System.Text.Json;
using Lifecycle.Cli.Output;

namespace Lifecycle.Cli.Commands;

/// <summary><c>lifecycle keys</c>: who may call the API.</summary>
internal static class KeysCommand
{
    private const string Path = "v1/admin/keys";

    public static Command Build(GlobalOptions globals, Surroundings surroundings) =>
        new("keys", "API keys: create, list, revoke.")
        {
            Create(globals, surroundings), List(globals, surroundings), Revoke(globals, surroundings),
        };

    private static Command Create(GlobalOptions globals, Surroundings surroundings)
    {
        var name = new Option<string>("--name") { Description = "What the key is for.", Required = true };
        var roles = new Option<string[]>("--role")
        {
            Description = "ingest, member, agent, approver, analyst, privacy or admin; several may be named.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("create", "Make a key and print it: it is shown this once.") { name, roles };
        command.SetAction(async (parsed, cancel) =>
        {
            var body = JsonOut.Body(json =>
            {
                json.WriteStartObject();
                json.WriteString("name", parsed.GetRequiredValue(name));
                json.WriteStartArray("roles");
                foreach (var role in parsed.GetRequiredValue(roles)) json.WriteStringValue(role);
                json.WriteEndArray();
                json.WriteEndObject();
            });
            using var api = globals.Connect(parsed);
            var answer = await api.SendAsync(HttpMethod.Post, Path, body, cancel: cancel);
            if (globals.Json(parsed)) JsonOut.Write(surroundings.Out, answer.WriteTo);
            else WriteCreated(surroundings, answer);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Only the key goes to the output, so that a script can take it.</summary>
    private static void WriteCreated(Surroundings surroundings, JsonElement answer)
    {
        var (id, name) = (Answers.Text(answer, "id"), Answers.Text(answer, "name"));
        surroundings.Error.WriteLine($"Key {id} for '{name}' ({RolesOf(answer)}). It is not shown again:");
        surroundings.Out.WriteLine(Answers.Text(answer, "key"));
    }

    private static Command List(GlobalOptions globals, Surroundings surroundings)
    {
        var command = new Command("list", "List the keys, without their secrets.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = globals.Connect(parsed);
            var answer = await api.SendAsync(HttpMethod.Get, Path, cancel: cancel);
            if (globals.Json(parsed))
            {
                JsonOut.Write(surroundings.Out, answer.WriteTo);
                return ExitCodes.Done;
            }
            TableOut.Write(
                surroundings.Out, ["id", "name", "roles", "created_at", "revoked_at"],
                Answers.Array(answer, "keys").EnumerateArray()
                    .Select(key => (IReadOnlyList<string>)
                    [
                        Answers.Text(key, "id"), Answers.Text(key, "name"), RolesOf(key),
                        Answers.Text(key, "created_at"), Answers.Text(key, "revoked_at"),
                    ])
                    .ToList());
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Revoke(GlobalOptions globals, Surroundings surroundings)
    {
        var id = new Argument<string>("ID") { Description = "The key's id, from 'keys list'." };
        var command = new Command("revoke", "End a key at once and for ever.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = globals.Connect(parsed);
            var named = parsed.GetRequiredValue(id);
            await api.SendAsync(HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(named)}", cancel: cancel);
            if (globals.Json(parsed)) JsonOut.Write(surroundings.Out, json => WriteRevoked(json, named));
            else surroundings.Out.WriteLine($"Key {named} is revoked.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static void WriteRevoked(Utf8JsonWriter json, string id)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteBoolean("revoked", true);
        json.WriteEndObject();
    }

    private static string RolesOf(JsonElement key) =>
        string.Join(' ', Answers.Array(key, "roles").EnumerateArray().Select(role => role.ToString()));
}
