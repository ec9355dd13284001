using System.Net;
using Lifecycle.Cluster.Customers;
using Lifecycle.Cluster.Scan;
using Lifecycle.Cluster.Shares;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Postgres;
using Lifecycle.Web.Feed;
using Lifecycle.Web.Operations;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Lifecycle.Cluster.Silo;

/// <summary>Makes a host a silo of the cluster, over the store that the engine opens.</summary>
public static class ClusterServices
{
    /// <summary>What Orleans calls the driver.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>Missed one after the other, a process counts as suspect.</summary>
    private const int ProbesMissedMax = 3;

    /// <summary>Connections of membership, snapshots and reminders together.</summary>
    private const int ConnectionsMax = 16;

    /// <summary>The least age at which Orleans lets a grain go.</summary>
    private static readonly TimeSpan CollectionAgeMin = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Adds the silo, configured by the section <c>Lifecycle:Cluster</c>. The engine and the PostgreSQL store are to be
    /// added before.
    /// </summary>
    public static IHostApplicationBuilder AddLifecycleCluster(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(ClusterOptions.Section);
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<ClusterOptions>, ClusterOptionsValidator>();
        services.AddOptions<ClusterOptions>()
            .Bind(section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.Configure<EngineSettings>(settings => settings.Store = "postgres");
        services.Configure<PostgresOptions>(postgres => postgres.Exclusive = false);
        services.AddSingleton<IActorHost, ClusterHost>();
        services.AddSingleton<IReadiness, ClusterReadiness>();
        services.AddSingleton<ClusterMeter>();
        services.AddSingleton<Member>();
        services.AddSingleton<IFatalErrorHandler, FatalEnd>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            provider => provider.GetRequiredService<Member>());
        services.TryAddSingleton<StreamRoom>();
        services.AddHostedService<FreePorts>();
        // Before the silo: the tables that it needs are made when the store is opened.
        builder.UseOrleans(silo =>
        {
            Configure(silo, section.Get<ClusterOptions>() ?? new());
            // A request and what other processes do for it are one trace.
            if (Telemetry.PushesTraces(builder.Configuration)) silo.AddActivityPropagation();
        });
        services.AddHostedService<ShareStarter>();
        return builder;
    }

    private static void Configure(ISiloBuilder silo, ClusterOptions options)
    {
        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
            (cluster.ClusterId, cluster.ServiceId) = (options.Id, options.Id));
        if (IPAddress.TryParse(options.Address, out var address))
            silo.ConfigureEndpoints(
                address, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        silo.UseAdoNetClustering(ado => ado.Configure<PostgresConnectionString>((options, postgres) =>
            (options.Invariant, options.ConnectionString) = (Invariant, postgres.Value)));
        silo.AddAdoNetGrainStorage(CustomerSnapshot.Storage, ado => ado.Configure<PostgresConnectionString>(
            (options, postgres) =>
            {
                (options.Invariant, options.ConnectionString) = (Invariant, postgres.Value);
                options.GrainStorageSerializer = new SnapshotSerializer();
            }));
        silo.UseAdoNetReminderService(ado => ado.Configure<PostgresConnectionString>((options, postgres) =>
            (options.Invariant, options.ConnectionString) = (Invariant, postgres.Value)));
        silo.Services.AddSingleton<PostgresConnectionString>();
        silo.AddGrainService<Relay>();
        silo.Services.AddSingleton<Relays>();
        // A customer lives in one process at a time, also while processes come and go.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        // What it would wait for is the store's to say: a process that was lost commits nothing more, and its customers
        // are taken up when it answers nothing more. Until then callers are told to come back, and do not wait here.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        silo.Configure<SiloMessagingOptions>(messages => messages.ResponseTimeout = options.ResponseMax);
        silo.Services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<EngineOptions>>((membership, engine) =>
        {
            // Found out well within one lease, so that the pause is less than two: its customers wait for one more.
            membership.ProbeTimeout = engine.Value.Lease / 10;
            // Missed probes of a process are overlooked for as long as three of the longest take since its last word.
            membership.MaxProbeTimeout = engine.Value.Lease / 5;
            membership.NumMissedProbesLimit = ProbesMissedMax;
            // Whoever has not written for three of these has no vote, and is not asked to look at others: one that is
            // left of three can do without. It is seen when the table is read.
            membership.TableRefreshTimeout = engine.Value.Lease / 5;
            membership.IAmAliveTablePublishTimeout = engine.Value.Lease / 10;
        });
        silo.Services.AddOptions<GrainCollectionOptions>().Configure<IOptions<EngineOptions>>((grains, engine) =>
        {
            grains.CollectionAge = engine.Value.IdleAfter > CollectionAgeMin ? engine.Value.IdleAfter : CollectionAgeMin;
            grains.CollectionQuantum = TimeSpan.FromMinutes(1);
        });
        if (options.HoldsCustomers) return;
        silo.Configure<GrainTypeOptions>(grains =>
        {
            grains.Classes.Remove(typeof(CustomerGrain));
            grains.Classes.Remove(typeof(ScheduleGrain));
            grains.Classes.Remove(typeof(SweepGrain));
            grains.Classes.Remove(typeof(ScanGrain));
        });
    }

    /// <summary>The store's own server and schema, for the tables of Orleans that are among its tables.</summary>
    private sealed class PostgresConnectionString(LifecycleEngine engine, IOptions<PostgresOptions> options)
    {
        public string Value { get; } = Of(engine, options.Value);

        /// <remarks>The engine opens the store, and may start the server before it.</remarks>
        private static string Of(LifecycleEngine engine, PostgresOptions options)
        {
            ArgumentNullException.ThrowIfNull(engine);
            return PostgresStore.ConnectionStringFor(options, "orleans", ConnectionsMax);
        }
    }

    /// <remarks>
    /// Orleans is asked for when the first customer is: this is called while the engine is being made, by a thread
    /// that the container would let wait for that.
    /// </remarks>
    private sealed class ClusterHost(
        IServiceProvider provider, IOptions<ClusterOptions> options, TimeProvider time) : IActorHost
    {
        public HostedCustomers Make(ActorServices services, LocalActors actors) => new ClusterCustomers(
            services, actors, new(() => new(
                provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<Relays>(),
                new(provider.GetRequiredService<IClusterMembershipService>()),
                provider.GetRequiredService<ILocalSiloDetails>().SiloAddress)),
            provider.GetRequiredService<ClusterMeter>(), options.Value, time);
    }
}
