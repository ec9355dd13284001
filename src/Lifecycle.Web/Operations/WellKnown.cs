using Lifecycle.Domain.Inputs;

namespace Lifecycle.Web.Operations;

/// <summary>Parameters that mean the same in every route, so that a route need only name them.</summary>
internal static class WellKnown
{
    public const string CustomerPath = "/v1/customers/{id}";

    public static readonly Shape EntityTag = new Shape.Text(64, "\"12.5d1e77aa.9f3a2b1c\"");

    public static readonly DocumentedParameter Customer = new(
        "id", "The customer: its id or any alias, percent-encoded.", Place.Path,
        new Shape.Text(InputLimits.IdMax, "c-1"), Required: true);

    private static readonly Dictionary<string, Shape> Shapes = new()
    {
        ["limit"] = Shape.Limit(),
        ["cursor"] = new Shape.Text(100, "MToxMTow"),
        ["as_of"] = new Shape.Time(),
        ["known_at"] = new Shape.Time(),
        ["If-Match"] = EntityTag,
        ["If-None-Match"] = EntityTag,
        ["Idempotency-Key"] = new Shape.Text(InputLimits.IdMax, "till-7-0042"),
    };

    public static Shape? ShapeOf(DocumentedParameter parameter) =>
        parameter.Shape ?? Shapes.GetValueOrDefault(parameter.Name);
}
