using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Sluice.Server.Access;

/// <summary>Holds the certificate that new connections are met with; those that stand keep theirs.</summary>
internal sealed class LiveTls(ServerTls first)
{
    private volatile ServerTls _current = first;

    public ServerTls Current
    {
        get => _current;
        set => _current = value;
    }

    public void Configure(HttpsConnectionAdapterOptions https)
    {
        https.ServerCertificateSelector = (_, _) => _current.Certificate; // asked for that there is one; the next line decides
        https.OnAuthenticate = (_, connection) => _current.Apply(connection);
    }
}
