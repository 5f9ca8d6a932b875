using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Server.Access;

/// <summary>A server's certificate and whose clients it lets in. Immutable; a renewed certificate is a new one.</summary>
public sealed class ServerTls
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly SslStreamCertificateContext _certificate;
    private readonly X509Certificate2Collection? _clientCa;

    private ServerTls(SslStreamCertificateContext certificate, X509Certificate2Collection? clientCa) =>
        (_certificate, _clientCa) = (certificate, clientCa);

    /// <param name="certificate">The server's own first, then those between it and its issuer.</param>
    /// <param name="clientCa">Certificates that every client's must come from; null asks clients for none.</param>
    /// <exception cref="CryptographicException">One of them cannot be read, or the key is not the certificate's.</exception>
    public static ServerTls FromPem(string certificate, string key, string? clientCa)
    {
        using var ofPem = X509Certificate2.CreateFromPem(certificate, key);
        // A key that is in memory only cannot be used on every system.
        X509Certificate2 own = X509CertificateLoader.LoadPkcs12(ofPem.Export(X509ContentType.Pkcs12), password: null);
        var context = SslStreamCertificateContext.Create(own, Import(certificate), offline: true);
        return new ServerTls(context, clientCa is null ? null : Import(clientCa));
    }

    internal X509Certificate2 Certificate => _certificate.TargetCertificate;

    /// <summary>Sets up one connection.</summary>
    internal void Apply(SslServerAuthenticationOptions connection)
    {
        connection.ServerCertificateSelectionCallback = null; // it would go before the context, which has the issuers too
        connection.ServerCertificateContext = _certificate;
        connection.ClientCertificateRequired = _clientCa is not null;
        if (_clientCa is not null)
            connection.RemoteCertificateValidationCallback = (_, client, sent, _) => IsOfOurs(client, sent);
    }

    private bool IsOfOurs(X509Certificate? client, X509Chain? sent)
    {
        if (client is not X509Certificate2 certificate)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_clientCa!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // nobody publishes a list for a private issuer
        chain.ChainPolicy.DisableCertificateDownloads = true; // a client's certificate does not choose where we connect to
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }

    private static X509Certificate2Collection Import(string pem)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(pem);
        return all.Count > 0 ? all : throw new CryptographicException("there is no certificate in it");
    }
}
