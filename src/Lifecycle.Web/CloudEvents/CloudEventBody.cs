using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Web.Documentation;
using Microsoft.OpenApi;

namespace Lifecycle.Web.CloudEvents;

/// <summary>A CloudEvent 1.0. Its attributes and extensions are those of the specification.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Specversion">The version of the specification.</param>
/// <param name="Id">The event's id: unique for customer and source, for ever.</param>
/// <param name="Source">The channel or system that sends it.</param>
/// <param name="Type">As of an event: built-in types have declared fields.</param>
/// <param name="Subject">The customer's id or any alias, unless the extension customer names it.</param>
/// <param name="Customer">An extension: the customer's id or any alias.</param>
/// <param name="Time">When it happened, at most five minutes ahead of the server; its time when absent.</param>
/// <param name="Datacontenttype">The media type of the data; JSON when absent.</param>
/// <param name="Data">
/// The declared fields of the type, and any others. What is no object becomes one, with the member value.
/// </param>
/// <param name="DataBase64">Instead of data: its bytes in base64.</param>
public sealed record CloudEventBody(
    [property: ClosedSet("1.0")] string Specversion,
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string Id,
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string Source,
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string Type,
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string? Subject = null,
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string? Customer = null,
    DateTime? Time = null, string? Datacontenttype = null, JsonElement? Data = null, string? DataBase64 = null);

/// <summary>What the record of a CloudEvent cannot say.</summary>
internal static class CloudEventDocumentation
{
    public static void Describe(OpenApiSchema schema)
    {
        schema.AdditionalPropertiesAllowed = true;
        schema.AdditionalProperties = new OpenApiSchema
        {
            Description =
                "An extension: a text, a number, true or false, under a name of lower-case letters and digits.",
        };
    }
}
