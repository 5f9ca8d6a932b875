using System.Net;
using System.Net.Sockets;

namespace Sluice.Gateway.Sources;

/// <summary>
/// Which addresses a source may have. Asked at the moment of connecting, with the very address that is then connected to, so that a name
/// cannot mean one thing when it is checked and another when it is used.
/// </summary>
/// <param name="source">Name of the source, for messages.</param>
/// <param name="allowPrivate">Whether the operator said that private addresses are meant.</param>
internal sealed class UpstreamAddresses(string source, bool allowPrivate)
{
    // Where clouds answer questions about the machine, credentials included, outside the link-local ranges.
    private static readonly IPAddress[] Metadata =
        [IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("192.0.0.192"), IPAddress.Parse("fd00:ec2::254")];

    private static readonly IPNetwork[] LinkLocal = Networks("169.254.0.0/16", "fe80::/10");

    private static readonly IPNetwork[] Private = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "224.0.0.0/4", "240.0.0.0/4", "::/127", "fc00::/7", "fec0::/10", "ff00::/8");

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96"); // an IPv4 address lies in its last four bytes

    /// <summary>Opens the connection, for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="RefusedAddressException">The name leads only to addresses that it may not lead to.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] found = IPAddress.TryParse(target.Host, out IPAddress? literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(target.Host, cancellation).ConfigureAwait(false);
        IPAddress[] allowed = [.. found.Where(address => Allows(target.Host, address))];
        if (allowed.Length == 0)
            throw new RefusedAddressException(source, target.Host, found);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// An address that stands in the URL itself is what the operator meant, and so is localhost; a name that leads inwards must be allowed to.
    /// Metadata and link-local addresses take both: the address in the URL and the permission.
    /// </summary>
    public bool Allows(string host, IPAddress address)
    {
        address = Plain(address);
        bool literal = IPAddress.TryParse(host, out _);
        if (IsIn(LinkLocal, address) || Metadata.Contains(address))
            return literal && allowPrivate;
        return !IsIn(Private, address) || literal || allowPrivate || (host == "localhost" && IPAddress.IsLoopback(address));
    }

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : Translated.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12))
        : address;

    private static bool IsIn(IPNetwork[] networks, IPAddress address) => networks.Any(network => network.Contains(address));

    private static IPNetwork[] Networks(params string[] texts) => [.. texts.Select(IPNetwork.Parse)];
}
