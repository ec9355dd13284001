using System.Text.Json.Serialization;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Segment;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Documentation;

/// <summary>What a problem says on a route: about its own parameters, its own fields and its own roles.</summary>
internal sealed class ProblemExamples(IList<object> metadata, RoleRequirement? role)
{
    private const long Version = 12;

    private const string ProgramFault =
        "currency: expected a currency code of ISO 4217, such as EUR, found 'EURO'.";

    /// <summary>For clients that look for them.</summary>
    public bool HaveCodeAndMessage { get; } = metadata.OfType<AnswersCodeAndMessage>().Any();

    public (string Detail, (string Name, string Message)? Field, long? Version) Of(ProblemCode code)
    {
        var own = metadata.OfType<DocumentedProblem>().LastOrDefault(p => p.Code == code);
        if (own is { Field: { } wrong }) return (own.Detail, (wrong, MessageOf(own.Detail, wrong)), null);
        if (own is not null) return (own.Detail, null, null);
        if (code == ProblemCodes.InvalidParameter && WrongParameter() is { } parameter) return parameter;
        if (code == ProblemCodes.InvalidBody && UnknownField() is { } field) return field;
        if (code == ProblemCodes.InvalidId)
            return Faulty("customer", "must have 1 to 128 characters, it has 129");
        if (code == ProblemCodes.InvalidProgram)
        {
            var detail = $"The document has 1 error. The first: line 2, column 11: {ProgramFault}";
            return (detail, ("2:11", ProgramFault), null);
        }

        if (code == ProblemCodes.ReasonRequired)
            return Faulty("/reason", "is missing: an adjustment says why it is made");
        if (code == ProblemCodes.Forbidden)
            return ($"The key needs the role {string.Join(" or ", role?.AnyOf ?? [])}.", null, null);
        var isDecision = code == ProblemCodes.StaleVersion || code == ProblemCodes.InsufficientPoints
            || code == ProblemCodes.InvalidPoints || code == ProblemCodes.Refused;
        return (Details.GetValueOrDefault(code, $"{code.Title}."), null, isDecision ? Version : null);
    }

    private static readonly Dictionary<ProblemCode, string> Details = new()
    {
        [ProblemCodes.MalformedJson] = "The body is not one JSON object: line 1, byte 17.",
        [ProblemCodes.MalformedRequest] = "Unexpected end of request content.",
        [ProblemCodes.Unauthenticated] = "Send Authorization: Bearer and a key that is valid.",
        [ProblemCodes.NotFound] = "There is nothing of this name.",
        [ProblemCodes.CustomerNotFound] = "Nothing is known of the customer c-1.",
        [ProblemCodes.StaleVersion] = "The customer is at version 12. Read it again and decide anew.",
        [ProblemCodes.BodyTooLarge] = "A body has at most 65536 bytes here. Send it in several requests.",
        [ProblemCodes.TooManyEvents] = "A request has at most 5000 events. Send it in several requests.",
        [ProblemCodes.UnsupportedMediaType] = "A body is taken as it is: send it without Content-Encoding.",
        [ProblemCodes.IdempotencyKeyReused] =
            "Idempotency-Key was used before with another body, by entry 11. A new command needs a new one.",
        [ProblemCodes.InsufficientPoints] = "340 points are available, 500 were asked for.",
        [ProblemCodes.InvalidPoints] = "The balance would leave the range that points have.",
        [ProblemCodes.Refused] = "The command was refused by the program.",
        [ProblemCodes.InvalidEffectiveAt] =
            "2026-11-20T12:00:00Z is too soon: an activation takes effect at least 2 s ahead, now not before "
            + "2026-11-20T12:00:02Z.",
        [ProblemCodes.TooManyPrograms] = "There are 1000 versions: no more than 1000 are kept.",
        [ProblemCodes.ActivationInEffect] =
            "Activation 2 rules from 2026-11-20T12:00:00Z and can be withdrawn only until 2 s before. To go back, "
            + "activate the version before it again.",
        [ProblemCodes.RateLimited] = "The key has used up its requests for this second.",
        [ProblemCodes.Overloaded] = "Too many requests wait already.",
        [ProblemCodes.Internal] = "The fault was logged. Sending the same again does no harm.",
        [ProblemCodes.Unavailable] = "The store cannot be reached. Send the same again later.",
        [ProblemCodes.CustomerIsolated] = "The customer's history cannot be read.",
    };

    private (string, (string, string)?, long?)? WrongParameter()
    {
        foreach (var parameter in metadata.OfType<DocumentedParameter>().Where(p => p.In == Place.Query))
        {
            if (WellKnown.ShapeOf(parameter)?.Fault is { } fault) return Faulty(parameter.Name, fault);
        }

        return metadata.OfType<DocumentedParameter>().Any(p => p.Name == "If-Match")
            ? Faulty("If-Match", EntityTags.IfMatchFault)
            : null;
    }

    private (string, (string, string)?, long?)? UnknownField()
    {
        if (Json()?.Schema is not { } type) return null;
        var known = type.GetProperties().Where(p => !Attribute.IsDefined(p, typeof(JsonIgnoreAttribute)))
            .Select(p => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));
        return Faulty("/remark", $"is unknown; known are {string.Join(", ", known)}");
    }

    /// <summary>What the detail says of the field, as an answer has it beside the field's name.</summary>
    private static string MessageOf(string detail, string field) =>
        detail.StartsWith($"{field} ", StringComparison.Ordinal) ? detail[(field.Length + 1)..].TrimEnd('.') : detail;

    private DocumentedBody? Json() =>
        metadata.OfType<DocumentedBody>().LastOrDefault(body => body.MediaType == "application/json");

    private static (string, (string, string)?, long?) Faulty(string name, string message) =>
        ($"{name} {message}.", (name, message), null);
}
