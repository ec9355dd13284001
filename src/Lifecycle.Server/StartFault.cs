using System.ComponentModel.DataAnnotations;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres;
using Lifecycle.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Lifecycle.Server;

/// <summary>
/// What keeps the process from starting, in one sentence for its operator instead of a page of frames.
/// </summary>
internal static class StartFault
{
    private const string UrlsDefault = "http://localhost:5080";
    private const int PortMax = 65_535;

    /// <summary>Null for what is no fault of the surroundings: a bug shows its frames.</summary>
    public static string? Explain(Exception fault) => fault switch
    {
        OptionsValidationException wrong => string.Join(" ", wrong.Failures.Select(f => $"{SectionOf(wrong)}: {f}")),
        IOException { InnerException: AddressInUseException } =>
            $"{fault.Message} Stop what listens there, or choose another address: --Lifecycle:Urls=http://localhost:5081.",
        StartSettingsException => fault.Message,
        ValidationException wrong => $"{PostgresServices.Section}: {wrong.Message}",
        StoreException or InvalidProgramDocumentException or IOException or UnauthorizedAccessException => fault.Message,
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => fault.Message,
        _ => null,
    };

    /// <summary>The addresses to listen on.</summary>
    /// <exception cref="OptionsValidationException">One of them is none.</exception>
    public static string UrlsOf(IConfiguration configuration)
    {
        if (configuration["Lifecycle:Urls"] is not { Length: > 0 } urls) return UrlsDefault;
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (IsAddress(url)) continue;
            throw new OptionsValidationException(
                "Urls", typeof(EngineSettings), [$"Urls must be addresses such as {UrlsDefault}, parted by ;, not '{url}'."]);
        }

        return urls;
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Port is >= 0 and <= PortMax;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string SectionOf(OptionsValidationException wrong)
    {
        // The options themselves know, where they are a section of their own.
        if (wrong.OptionsType.GetField(nameof(WebOptions.Section))?.GetRawConstantValue() is string section)
            return section;
        return wrong.OptionsType == typeof(EngineOptions) ? "Lifecycle:Engine" : "Lifecycle";
    }
}
