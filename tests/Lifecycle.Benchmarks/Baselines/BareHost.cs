using System.Text;
using Lifecycle.Engine.Hosting;
using Lifecycle.Web;
using Lifecycle.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>
/// The server with one endpoint more, which does nothing but answer: behind the same web server, routing and
/// authentication, and past the rest, it writes as many bytes and the same headers as a status, from a field. No reader
/// of live state can be faster.
/// </summary>
internal static class BareHost
{
    public const string Argument = "bare";

    private const string Scheme = "Bearer ";

    /// <summary>The path, with <c>{id}</c> for the customer, which is not looked at.</summary>
    public const string Path = "/bare/customers/{id}/status";

    private static readonly byte[] Status = Encoding.ASCII.GetBytes(
        """{"customer":"c-0012345","version":7,"stage":"Growing","available":0,"pending":291,"held":0,""" +
        """
        "next_expiry":null,"next_change_at":"2026-12-06T09:30:00.123Z","as_of":"2026-11-22T09:30:00.123456Z"}
        """);

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args, ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseUrls(builder.Configuration["Lifecycle:Urls"]!);
        builder.Services.AddLifecycleEngine(builder.Configuration);
        builder.Services.AddLifecycleWeb(builder.Configuration);
        var app = builder.Build();
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/bare"), Answer);
        app.MapLifecycle();
        await app.RunAsync();
        return 0;
    }

    private static void Answer(IApplicationBuilder bare)
    {
        var keys = bare.ApplicationServices.GetRequiredService<ApiKeys>();
        bare.UseRouting();
        bare.Use((http, next) =>
        {
            var header = http.Request.Headers.Authorization.ToString().AsSpan();
            if (keys.Find(header[Scheme.Length..]) is { } caller
                && caller.Roles.Contains(Roles.Member)) return next(http);
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        bare.UseEndpoints(endpoints => endpoints.MapGet(Path, AnswerAsync));
    }

    private static Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.ETag = "\"7.0a1b2c3d\"";
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.ContentLength = Status.Length;
        return http.Response.Body.WriteAsync(Status).AsTask();
    }
}
