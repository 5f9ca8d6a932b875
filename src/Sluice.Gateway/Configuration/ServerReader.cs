namespace Sluice.Gateway.Configuration;

/// <summary>Reads where and how the server listens.</summary>
internal static class ServerReader
{
    public static ServerConfig Read(Section root) =>
        root.FindSection("server", ["urls", "max_body", "tls"]) is { } server
            ? new ServerConfig(server.Has("urls") ? server.FindTexts("urls") : null, server.FindBytes("max_body"), ReadTls(server))
            : new ServerConfig();

    private static TlsConfig? ReadTls(Section server)
    {
        if (server.FindSection("tls", ["certificate", "key", "client_ca"]) is not { } tls)
            return null;
        tls.RequireText("certificate");
        tls.RequireText("key");
        return new TlsConfig(tls.FindSecret("certificate")!, tls.FindSecret("key")!, tls.FindSecret("client_ca"));
    }
}
