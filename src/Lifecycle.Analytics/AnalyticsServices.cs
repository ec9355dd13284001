using Lifecycle.Analytics.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Analytics;

/// <summary>Registration of what this project offers.</summary>
public static class AnalyticsServices
{
    /// <summary>
    /// Adds <see cref="ReportRunner"/>; it needs an <see cref="Engine.Store.IStore"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddLifecycleAnalytics(this IServiceCollection services) =>
        services.AddSingleton<ReportRunner>();
}
