using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Http.Fakes;
using Sluice.Server;
using Sluice.Server.Access;

namespace Sluice.Http.Lifetime;

/// <summary>Encrypted connections: who is served, who is turned away, and what a renewed certificate changes.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly Issuer _ours = new("ours"), _others = new("others");

    public void Dispose()
    {
        _ours.Dispose();
        _others.Dispose();
    }

    [Fact]
    public async Task Get_Encrypted_IsAnsweredAndPlainIsNot()
    {
        await using SluiceServer server = await StartAsync(clientCa: null);
        Assert.StartsWith("https://127.0.0.1:", server.Urls[0], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server));
        using var plain = new HttpClient();
        string address = server.Urls[0].Replace("https:", "http:", StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync($"{address}/health", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_ClientsMustHaveACertificate_OnlyThoseFromTheRightIssuerAreAnswered()
    {
        await using SluiceServer server = await StartAsync(_ours.Pem);
        using X509Certificate2 known = _ours.Issue("client", forServer: false), unknown = _others.Issue("client", forServer: false);
        using X509Certificate2 another = _ours.Issue("another server", forServer: true);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, known));
        foreach (X509Certificate2? refused in (X509Certificate2?[])[null, unknown, another])
            await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(server, refused));
    }

    [Fact]
    public async Task Renew_Certificate_IsWhatNewConnectionsSee()
    {
        await using SluiceServer server = await StartAsync(clientCa: null);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server));
        server.Renew(Tls(_others, clientCa: null));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(server));
    }

    [Fact]
    public void FromPem_KeyOfAnotherCertificate_IsRefused()
    {
        using X509Certificate2 one = _ours.Issue("one", forServer: true), other = _ours.Issue("other", forServer: true);
        Assert.ThrowsAny<Exception>(() => ServerTls.FromPem(one.ExportCertificatePem(), KeyOf(other), clientCa: null));
    }

    [Fact]
    public void Create_HttpsWithoutACertificate_IsRefused()
    {
        var options = new ServerOptions { Urls = ["https://127.0.0.1:0"] };
        var fault = Assert.ThrowsAny<Exception>(() => SluiceServer.Create(options, new ModelDirectory(new ScriptedSource())));
        Assert.Contains("https:// takes a certificate", fault.Message, StringComparison.Ordinal);
    }

    private async Task<SluiceServer> StartAsync(string? clientCa)
    {
        var options = new ServerOptions { Urls = ["http://127.0.0.1:0"], Tls = Tls(_ours, clientCa) };
        var server = SluiceServer.Create(options, new ModelDirectory(new ScriptedSource()));
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static ServerTls Tls(Issuer issuer, string? clientCa)
    {
        using X509Certificate2 certificate = issuer.Issue("127.0.0.1", forServer: true);
        return ServerTls.FromPem(certificate.ExportCertificatePem(), KeyOf(certificate), clientCa);
    }

    private static string KeyOf(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>Asks as somebody who trusts our issuer and nobody else.</summary>
    private async Task<HttpStatusCode> AskAsync(SluiceServer server, X509Certificate2? own = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_ours.Certificate);
        var options = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        if (own is not null)
            options.ClientCertificates = [own];
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = options });
        using HttpResponseMessage answer = await client.GetAsync($"{server.Urls[0]}/health", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private sealed class Issuer : IDisposable
    {
        private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1), To = DateTimeOffset.UtcNow.AddDays(1);

        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public Issuer(string name)
        {
            var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            Certificate = request.CreateSelfSigned(From, To);
        }

        public X509Certificate2 Certificate { get; }

        public string Pem => Certificate.ExportCertificatePem();

        public X509Certificate2 Issue(string name, bool forServer)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid($"1.3.6.1.5.5.7.3.{(forServer ? 1 : 2)}")], true));
            using X509Certificate2 bare = request.Create(Certificate, From, To, RandomNumberGenerator.GetBytes(8));
            using X509Certificate2 whole = bare.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        }

        public void Dispose()
        {
            Certificate.Dispose();
            _key.Dispose();
        }
    }
}
