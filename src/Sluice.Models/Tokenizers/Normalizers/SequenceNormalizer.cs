using System.Buffers;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>Normalizers one after another.</summary>
internal sealed class SequenceNormalizer(INormalizer[] parts) : INormalizer
{
    public void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch)
    {
        if (parts.Length == 0)
        {
            target.Write(text);
            return;
        }
        parts[0].Normalize(text, target, scratch);
        var other = scratch.Take();
        foreach (var part in parts.AsSpan(1))
        {
            other.ResetWrittenCount();
            part.Normalize(target.WrittenSpan, other, scratch);
            target.ResetWrittenCount();
            target.Write(other.WrittenSpan);
        }
        scratch.Release();
    }
}
