using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Lifecycle.Cluster;

/// <summary>The section <c>Lifecycle:Cluster</c>: this process's place among those that share a store.</summary>
public sealed class ClusterOptions : IValidatableObject
{
    public const string Section = "Lifecycle:Cluster";

    private static readonly TimeSpan ResponseMin = TimeSpan.FromSeconds(1);

    /// <summary>Processes of one id find each other; two clusters over two schemas have two ids.</summary>
    [Required(ErrorMessage = "Id must name the cluster.")]
    [RegularExpression("^[A-Za-z0-9_-]{1,100}$", ErrorMessage =
        "Id must have 1 to 100 letters, digits, - and _ only.")]
    public string Id { get; set; } = "lifecycle";

    /// <summary>
    /// <c>front</c> answers HTTP and holds no customers, <c>worker</c> holds customers and answers only its health and
    /// metrics by HTTP, <c>both</c> does both.
    /// </summary>
    [AllowedValues(Roles.Front, Roles.Worker, Roles.Both, ErrorMessage = "Role must be front, worker or both.")]
    public string Role { get; set; } = Roles.Both;

    /// <summary>The address under which the other processes reach this one; by default this machine alone.</summary>
    [Required(ErrorMessage = "Address must be the address under which the other processes reach this one.")]
    public string Address { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>Where the other processes talk to this one; 1 to 65535.</summary>
    [Range(1, 65_535, ErrorMessage = "SiloPort must be from 1 to 65535.")]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Where clients of the cluster talk to this one; 1 to 65535.</summary>
    [Range(1, 65_535, ErrorMessage = "GatewayPort must be from 1 to 65535.")]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>
    /// How long a call is repeated whose process was lost or is leaving, before its caller gets 503; 0 to 2 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:02:00", ErrorMessage = "RetryFor must be from 00:00:00 to 00:02:00.")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Parts of the scheduler's work, each in one process at a time; 1 to 256, the same in all of them.</summary>
    [Range(1, 256, ErrorMessage = "ScheduleShares must be from 1 to 256.")]
    public int ScheduleShares { get; set; } = 8;

    /// <summary>How long a call between processes is given.</summary>
    internal TimeSpan ResponseMax => RetryFor > ResponseMin ? RetryFor : ResponseMin;

    public bool HoldsCustomers => Role != Roles.Front;

    public bool AnswersHttp => Role != Roles.Worker;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out var address))
            yield return new($"Address must be an IP address, not '{Address}'.", [nameof(Address)]);
        else if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            yield return new($"Address must be one that the others reach, not '{Address}'.", [nameof(Address)]);
        if (SiloPort == GatewayPort)
            yield return new("SiloPort and GatewayPort must differ.", [nameof(GatewayPort)]);
    }

    /// <summary>What <see cref="Role"/> may be.</summary>
    public static class Roles
    {
        public const string Front = "front";
        public const string Worker = "worker";
        public const string Both = "both";
    }
}

[OptionsValidator]
internal sealed partial class ClusterOptionsValidator : IValidateOptions<ClusterOptions>;
