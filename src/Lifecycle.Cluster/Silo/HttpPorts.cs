using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Lifecycle.Cluster.Silo;

/// <summary>
/// Where the process is to answer HTTP, tried before it joins. The web server comes last: without this a process whose
/// port is taken would get customers first, and give them back.
/// </summary>
internal static class HttpPorts
{
    /// <param name="urls">Addresses, parted by ;.</param>
    /// <exception cref="IOException">Somebody listens there.</exception>
    public static void Check(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var address = BindingAddress.Parse(url);
            if (address.Port > 0 && HostsOf(address.Host).Any(host => IsTaken(host, address.Port)))
            {
                throw new IOException(
                    $"Failed to bind to address {url}: address already in use.", new AddressInUseException(url));
            }
        }
    }

    private static IPAddress[] HostsOf(string host) =>
        host == "localhost" ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : [IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : IPAddress.IPv6Any];

    /// <summary>What else there is to say of the address the web server says.</summary>
    private static bool IsTaken(IPAddress host, int port)
    {
        try
        {
            using var listener = new TcpListener(host, port);
            if (host.Equals(IPAddress.IPv6Any)) listener.Server.DualMode = true;
            listener.Start();
            return false;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }
}
