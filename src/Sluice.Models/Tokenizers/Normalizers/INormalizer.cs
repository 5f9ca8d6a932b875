using System.Buffers;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>Rewrites text before it is cut into pieces. Immutable.</summary>
internal interface INormalizer
{
    /// <summary>Writes the normalised <paramref name="text"/> (both UTF-8) to <paramref name="target"/>, which is empty.</summary>
    /// <param name="scratch">Where buffers are taken from.</param>
    void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch);
}
