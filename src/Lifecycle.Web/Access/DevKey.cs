using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Access;

/// <summary>
/// The key <c>dev</c> with every role: only in Development, and only while every bound address is loopback, so that a
/// machine that others can reach never has a key that everybody knows.
/// </summary>
public sealed class DevKey(IServer server, IHostEnvironment environment, ILogger<DevKey> logger)
{
    public const string Value = "dev";

    internal static readonly Caller Caller = new(Value, Roles.All);

    private bool? _isOpen;

    /// <summary>Known once the server listens.</summary>
    public bool IsOpen => _isOpen ??= Decide();

    private bool Decide()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var open = environment.IsDevelopment() && addresses.Count > 0 && addresses.All(IsLoopback);
        if (open) WebLog.DevKeyOpen(logger);
        return open;
    }

    internal static bool IsLoopback(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return false;
        return uri.Host == "localhost"
            || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }
}
