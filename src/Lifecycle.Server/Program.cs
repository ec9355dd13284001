using Lifecycle.Engine.Hosting;
using Lifecycle.Postgres;
using Lifecycle.Server;
using Lifecycle.Web;

try
{
    StartSettings.Check(args);
    // appsettings.json lies beside the program; ./data is where the process is started.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory,
    });
    StartSettings.Check(builder.Configuration);
    builder.WebHost.UseUrls(StartFault.UrlsOf(builder.Configuration));
    builder.Services.AddLifecyclePostgres(builder.Configuration);
    builder.Services.AddLifecycleEngine(builder.Configuration);
    builder.Services.AddLifecycleWeb(builder.Configuration);
    builder.Services.AddHostedService<Welcome>();

    var app = builder.Build();
    app.MapLifecycle();
    await app.RunAsync();
    return 0;
}
catch (Exception fault) when (StartFault.Explain(fault) is { } reason)
{
    await Console.Error.WriteLineAsync($"Lifecycle cannot run. {reason}");
    return 1;
}
