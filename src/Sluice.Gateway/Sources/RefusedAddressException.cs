using System.Net;

namespace Sluice.Gateway.Sources;

/// <summary>A source's host name leads to an address inside that its configuration does not allow.</summary>
internal sealed class RefusedAddressException(string source, string host, IPAddress[] found) : Exception(
    $"'{host}' of source '{source}' leads to {string.Join(", ", found.Take(4).Select(address => address.ToString()))}, a private or metadata "
    + "address; if that is meant set 'allow_private: true' at the source");
