using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Lifecycle.Balancer;

/// <summary>The section <c>Lifecycle:Balancer</c>. A wrong value stops the process at start.</summary>
public sealed class BalancerOptions : IValidatableObject
{
    public const string Section = "Lifecycle:Balancer";

    /// <summary>The addresses of the processes, parted by ;.</summary>
    [Required(ErrorMessage = "Processes must name the processes: http://node-1:8080;http://node-2:8080.")]
    public string Processes { get; set; } = "";

    /// <summary>
    /// How often each process is asked whether it is ready, and how long it may take to say so; 100 ms to a minute.
    /// Default 1 s. The processes' DrainTime must be longer than twice that.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan HealthEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a connection may take to be made before another process is tried; 100 ms to a minute. Default 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long nothing may come or go before a request is given up; a second to an hour. Default 2 minutes: twice the
    /// longest poll of the feed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SilenceMax { get; set; } = TimeSpan.FromMinutes(2);

    internal IEnumerable<string> Addresses =>
        Processes.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var address in Addresses)
        {
            if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                && uri.PathAndQuery == "/") continue;
            yield return new(
                $"Processes must be addresses such as http://node-1:8080, parted by ;, not '{address}'.",
                [nameof(Processes)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class BalancerOptionsValidator : IValidateOptions<BalancerOptions>;
