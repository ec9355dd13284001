using Lifecycle.Balancer;
using Lifecycle.Server;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

try
{
    StartSettings.Check(args);
    // appsettings.json lies beside the program.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory,
    });
    StartSettings.Check(builder.Configuration);
    builder.WebHost.UseUrls(builder.Configuration["Lifecycle:Urls"] ?? "http://localhost:5080");
    builder.AddBalancer();
    var app = builder.Build();
    app.MapBalancer();
    await app.RunAsync();
    return 0;
}
catch (Exception fault) when (fault is OptionsValidationException or IOException or FormatException
    or ArgumentOutOfRangeException or StartSettingsException
    or InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" })
{
    var reason = fault is OptionsValidationException wrong
        ? string.Join(" ", wrong.Failures.Select(failure => $"{BalancerOptions.Section}: {failure}"))
        : fault.Message;
    if (fault.InnerException is AddressInUseException)
        reason += " Stop what listens there, or choose another address: --Lifecycle:Urls=http://localhost:5090.";
    await Console.Error.WriteLineAsync($"The balancer cannot run. {reason}");
    return 1;
}
