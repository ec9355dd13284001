using Microsoft.Extensions.Hosting;

namespace Lifecycle.Web.Access;

/// <summary>
/// Loads the keys before the first request. Outside Development the first start prints one admin key: the first without
/// one, for a folder that began in Development may hold other keys.
/// </summary>
internal sealed class FirstKey(ApiKeys keys, IHostEnvironment environment) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken);
        if (environment.IsDevelopment()) return;
        if (await keys.MakeFirstAsync("first admin key", [Roles.Admin], cancellationToken) is not { } key) return;
        // To the terminal and never to the log: a log is kept and copied.
        await Console.Out.WriteLineAsync($"The first admin key, shown this once: {key}");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
