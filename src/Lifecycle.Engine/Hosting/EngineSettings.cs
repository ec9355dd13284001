using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lifecycle.Engine.Hosting;

/// <summary>The configuration section <c>Lifecycle</c>, as far as the engine reads it.</summary>
public sealed class EngineSettings
{
    /// <summary>Which store: <c>sqlite</c> or <c>postgres</c>.</summary>
    [AllowedValues("sqlite", "postgres", ErrorMessage = "Lifecycle:Store must be sqlite or postgres.")]
    public string Store { get; set; } = "sqlite";

    /// <summary>
    /// The folder of the embedded store and of the installation's key; made when it does not exist.
    /// </summary>
    [Required(ErrorMessage = "Lifecycle:Folder must name a folder.")]
    public string Folder { get; set; } = "./data";

    /// <summary>The path of the program document; empty for the shipped retail program.</summary>
    public string Program { get; set; } = "";
}

[OptionsValidator]
internal sealed partial class EngineSettingsValidator : IValidateOptions<EngineSettings>;

[OptionsValidator]
internal sealed partial class EngineOptionsValidator : IValidateOptions<EngineOptions>;

/// <summary>Puts the engine into a host.</summary>
public static class EngineServices
{
    /// <summary>
    /// Adds the one-process engine, configured by the sections <c>Lifecycle</c> and <c>Lifecycle:Engine</c>. It is
    /// opened
    /// when first asked for and started with the host.
    /// </summary>
    public static IServiceCollection AddLifecycleEngine(
        this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<EngineSettings>, EngineSettingsValidator>();
        services.AddSingleton<IValidateOptions<EngineOptions>, EngineOptionsValidator>();
        services.AddOptions<EngineSettings>().Bind(configuration.GetSection("Lifecycle")).ValidateOnStart();
        services.AddOptions<EngineOptions>()
            .Bind(configuration.GetSection("Lifecycle:Engine"), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<IStoreOpener, SqliteOpener>();
        services.AddSingleton(provider => Task.Run(() => LifecycleEngine.OpenAsync(
            OpenerOf(provider), provider.GetRequiredService<IOptions<EngineSettings>>().Value,
            provider.GetRequiredService<IOptions<EngineOptions>>().Value, provider.GetService<IActorHost>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>(),
            CancellationToken.None)).GetAwaiter().GetResult());
        services.AddSingleton(provider => provider.GetRequiredService<LifecycleEngine>().Customers);
        services.AddSingleton(provider => provider.GetRequiredService<LifecycleEngine>().Store);
        services.AddSingleton(provider => provider.GetRequiredService<LifecycleEngine>().Secret);
        services.AddSingleton(provider => provider.GetRequiredService<LifecycleEngine>().Programs);
        services.AddSingleton(provider => provider.GetRequiredService<LifecycleEngine>().ProgramSweep);
        services.AddSingleton(provider => provider.GetRequiredService<LifecycleEngine>().Feed);
        services.AddSingleton(provider => provider.GetRequiredService<LifecycleEngine>().Scan);
        services.AddSingleton(provider => provider.GetRequiredService<LifecycleEngine>().List);
        services.AddSingleton<IVerifier>(provider => provider.GetRequiredService<LifecycleEngine>());
        services.AddSingleton<IReadiness>(provider => provider.GetRequiredService<LifecycleEngine>().Readiness);
        services.AddHostedService<EngineService>();
        return services;
    }

    private static IStoreOpener OpenerOf(IServiceProvider provider)
    {
        var name = provider.GetRequiredService<IOptions<EngineSettings>>().Value.Store;
        return provider.GetServices<IStoreOpener>().FirstOrDefault(opener => opener.Name == name) ??
               throw new StoreException($"This program cannot open the store '{name}'; see Lifecycle:Store.");
    }

    /// <remarks>
    /// The container disposes in the reverse order of making, and it also disposes the store that the engine made.
    /// Asking for the store here makes this service the younger of the two, so that the engine closes before its
    /// store; the same for the programs and their sweep.
    /// </remarks>
    private sealed class EngineService : IHostedService, IAsyncDisposable
    {
        private readonly LifecycleEngine _engine;

        public EngineService(
            LifecycleEngine engine, Store.IStore store, ProgramBook programs, Scheduling.ProgramSweep sweep,
            IMeterFactory meters)
        {
            _engine = engine;
            EngineMeter.Watch(meters, engine);
            _ = (store, programs, sweep);
        }

        public Task StartAsync(CancellationToken cancel) => _engine.StartAsync(cancel);

        public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;

        public ValueTask DisposeAsync() => _engine.DisposeAsync();
    }
}
