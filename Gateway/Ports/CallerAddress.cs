using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace OrleansPool.Gateway.Ports;

/// <summary>
/// Who a caller of an endpoint's own port is: nothing that it sends says so, so it is the address that it comes from. Of IPv6 that is the network of 64 bits, all of
/// whose addresses a single machine may have.
/// </summary>
internal static class CallerAddress
{
    private const int NetworkBytes = 8;

    /// <summary>The name of a caller; null where it comes from no IP address.</summary>
    public static string? Of(ConnectionContext connection) => connection.RemoteEndPoint is IPEndPoint { Address: var address } ? NameOf(address) : null;

    /// <summary>The name for an address: <c>10.0.0.1</c>, <c>2001:db8::/64</c>.</summary>
    public static string NameOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork || IPAddress.IsLoopback(address)) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
