using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Gateway.Admission;

/// <summary>A new key for a client: its text, which is shown once, and the hash by which the configuration knows it.</summary>
public sealed record ApiKey(string Text, string Hash)
{
    /// <summary>What stands before a key in the header Authorization.</summary>
    public const string Scheme = "Bearer ";

    private const int RandomBytes = 32;

    public static ApiKey Create()
    {
        string text = $"sk-sluice-{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes))}";
        return new ApiKey(text, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}");
    }
}
