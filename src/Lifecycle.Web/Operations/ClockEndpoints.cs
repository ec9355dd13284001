using Lifecycle.Engine.Hosting;
using Lifecycle.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Operations;

internal static class ClockEndpoints
{
    public static void MapClock(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/admin/clock/confirm", Confirm).WithTags("Operations").Require(Roles.Admin)
            .Describe(
                "Confirm the clock",
                "After a jump of the machine's clock nothing is decided until a person has found the clock right.");

    private static IResult Confirm(LifecycleEngine engine)
    {
        engine.Gate.ConfirmClock();
        return Results.NoContent();
    }
}
