using Lifecycle.Cluster;
using Lifecycle.Cluster.Silo;
using Lifecycle.Engine.Hosting;
using Lifecycle.Postgres;
using Lifecycle.Server;
using Lifecycle.Web;
using Microsoft.Extensions.Options;

if (args is [[not '-', ..], ..]) return await Commands.RunAsync(args);

try
{
    StartSettings.Check(args, "role");
    // appsettings.json lies beside the program; ./data is where the process is started.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.Configuration.AddCommandLine(
        args, new Dictionary<string, string> { ["--role"] = $"{ClusterOptions.Section}:{nameof(ClusterOptions.Role)}" });
    StartSettings.Check(builder.Configuration);
    var urls = StartFault.UrlsOf(builder.Configuration);
    builder.WebHost.UseUrls(urls);
    builder.Services.AddLifecyclePostgres(builder.Configuration);
    builder.Services.AddLifecycleEngine(builder.Configuration);
    builder.AddLifecycleCluster();
    builder.Services.AddLifecycleWeb(builder.Configuration);
    if (builder.Configuration[$"{ClusterOptions.Section}:{nameof(ClusterOptions.Role)}"] != ClusterOptions.Roles.Worker)
        builder.Services.AddHostedService<Welcome>();

    var app = builder.Build();
    // Looked at before anything is opened: a wrong one is said, whatever else is wrong.
    if (app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.AnswersHttp) app.MapLifecycle();
    else app.MapLifecycleHealth();
    HttpPorts.Check(urls);
    await app.RunAsync();
    return 0;
}
catch (Exception fault) when ((ClusterFault.Explain(fault) ?? StartFault.Explain(fault)) is { } reason)
{
    await Console.Error.WriteLineAsync($"Lifecycle cannot run. {reason}");
    return 1;
}
