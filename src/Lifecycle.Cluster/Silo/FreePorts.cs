using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Lifecycle.Cluster.Silo;

/// <summary>
/// Looks at the silo's ports before it joins: a new member of an address takes the place of the one that has it, and
/// would end a process that somebody else started, before it finds that it cannot listen.
/// </summary>
internal sealed class FreePorts(IOptions<ClusterOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var address = IPAddress.Parse(options.Value.Address);
        foreach (var port in new[] { options.Value.SiloPort, options.Value.GatewayPort })
        {
            try
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new AddressInUseException($"something listens on {address}, port {port}", e);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
            {
                throw new IOException(
                    $"{ClusterOptions.Section}:{nameof(ClusterOptions.Address)} is {address}, which is no address of this " +
                    "machine.", e);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
