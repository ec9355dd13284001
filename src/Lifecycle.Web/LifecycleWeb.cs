using System.Text.Json;
using System.Text.Json.Serialization;
using Lifecycle.Analytics;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Ingest;
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
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web;

/// <summary>The HTTP API. It needs what the engine registers: the customers, the store and their readiness.</summary>
public static class LifecycleWeb
{
    /// <summary>Read from a connection before anybody asks for it; it has to hold the largest head.</summary>
    private const int ReadAheadBytesMax = 64 << 10;

    /// <summary>What is under way when the server stops is answered within this, or cut off.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddLifecycleWeb(this IServiceCollection services, IConfiguration configuration)
    {
        // Without it the framework takes the end of a stream that was cut off for the end of its text, and the events
        // up to there would be taken as if they were all. It is read once, when the first stream is inflated.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        services.AddOptions<WebOptions>().Bind(
            // A misspelt limit would otherwise be no limit, in silence.
            configuration.GetSection(WebOptions.Section), bind => bind.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsValidator>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<WebOptions>>((kestrel, web) =>
        {
            kestrel.AddServerHeader = false;
            // The API has limits of its own; up to this a sender of too much still reads its 413 instead of a reset.
            kestrel.Limits.MaxRequestBodySize = 4L * web.Value.BodyBytesMax;
            kestrel.Limits.MaxConcurrentConnections = web.Value.ConnectionsMax;
            // What is read ahead of a body is in nobody's count: of thousands that wait the default is gigabytes.
            kestrel.Limits.MaxRequestBufferSize = ReadAheadBytesMax;
        });
        // Only the documentation reads these; answers are written by the context itself.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Wire);
        });
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdSource, RandomIds>();
        services.AddSingleton<WebMeter>();
        services.AddSingleton<Telemetry>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHostedService<TelemetryService>();
        services.AddOptions<HostOptions>().Configure<IOptions<WebOptions>, IHostEnvironment>((host, web, environment) =>
            host.ShutdownTimeout = Drain.TimeOf(web.Value, environment) + AnswerMax);
        services.AddSingleton<DevKey>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<Admission>();
        services.AddHostedService<FirstKey>();
        services.AddHostedService<KeyWatch>();
        services.AddSingleton<QuarantineIntake>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<QuarantineReplay>();
        services.AddSingleton(provider => new EntityTags(provider.GetRequiredService<LifecycleEngine>().Epoch));
        services.AddSingleton<CommandDoor>();
        services.AddSingleton<WhatIfReader>();
        services.AddSingleton<VerificationTurn>();
        services.AddSegment();
        services.AddSingleton<StreamRoom>();
        services.AddLifecycleAnalytics();
        services.AddLifecycleOpenApi();
        return services;
    }

    /// <summary>The health and the metrics of a process that answers nothing else.</summary>
    public static WebApplication MapLifecycleHealth(this WebApplication app)
    {
        app.UseRequestSpans();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseMiddleware<AccessMiddleware>();
        app.MapHealth();
        app.MapMetrics();
        return app;
    }

    /// <summary>The whole API.</summary>
    public static WebApplication MapLifecycle(this WebApplication app)
    {
        app.UseRequestSpans();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        // It asks the services of the request for its policies, which makes a scope: only where a route has one.
        app.UseWhen(http => http.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() is not null, cors => cors.UseCors());
        app.UseMiddleware<AccessMiddleware>();
        app.MapEvents();
        app.MapSegment();
        app.MapCustomers();
        app.MapIdentity();
        app.MapEntries();
        app.MapLedger();
        app.MapPoints();
        app.MapWhatIf();
        app.MapCalculate();
        app.MapList();
        app.MapScan();
        app.MapFeed();
        app.MapReports();
        app.MapQuarantine();
        app.MapPrograms();
        app.MapKeys();
        app.MapVerify();
        app.MapClock();
        app.MapHealth();
        app.MapMetrics();
        // Another name is no route: what makes the document would answer 404 without a problem.
        app.MapOpenApi("/openapi/{documentName:regex(^v1$)}.json").Open();
        // Only on its own paths: it tries several patterns on each request that it sees.
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/docs"), docs => docs.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "Lifecycle";
            page.SwaggerEndpoint("/openapi/v1.json", "Lifecycle v1");
        }));
        app.MapGet("/", () => Results.Redirect("/docs")).Open().ExcludeFromDescription();
        return app;
    }
}
