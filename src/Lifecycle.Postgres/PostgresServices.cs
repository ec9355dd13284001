using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Private;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Postgres;

/// <summary>Puts the PostgreSQL store into a host.</summary>
public static class PostgresServices
{
    /// <summary>The section of <see cref="PostgresOptions"/>.</summary>
    public const string Section = "Lifecycle:Postgres";

    /// <summary>The section of <see cref="PrivateServerOptions"/>: with a folder there, a server is started.</summary>
    public const string PrivateSection = "Lifecycle:PrivatePostgres";

    /// <summary>
    /// Adds the store that <c>Lifecycle:Store=postgres</c> names. Its options are looked at when it is opened.
    /// </summary>
    public static IServiceCollection AddLifecyclePostgres(
        this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PostgresOptions>()
            .Bind(configuration.GetSection(Section), binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddOptions<PrivateServerOptions>()
            .Bind(configuration.GetSection(PrivateSection), binder => binder.ErrorOnUnknownConfiguration = true);
        return services.AddSingleton<IStoreOpener, PostgresOpener>();
    }
}
