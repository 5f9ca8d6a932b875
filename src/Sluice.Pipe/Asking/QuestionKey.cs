using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Sluice.Pipe.Asking;

/// <summary>The first half of a question's SHA-256: no two questions of any run share it.</summary>
public readonly record struct QuestionKey(ulong High, ulong Low)
{
    public static QuestionKey Of(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return new QuestionKey(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }

    public static bool TryParse(string? text, out QuestionKey key)
    {
        key = default;
        if (text is not { Length: 32 }
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low))
        {
            return false;
        }
        key = new QuestionKey(high, low);
        return true;
    }

    public override string ToString() => $"{High:x16}{Low:x16}";
}
