using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Core.Quant;

namespace Sluice.Models.Files;

/// <summary>The rules for where tensors may lie in a file.</summary>
internal static class TensorRanges
{
    /// <summary>Bytes of a tensor, or null where its shape does not fit the type or overflows what can be addressed.</summary>
    public static long? Bytes(BlockFormat format, long[] shape)
    {
        if (shape[^1] % format.BlockElements != 0)
            return null;
        Int128 elements = 1;
        foreach (long dimension in shape)
        {
            elements *= dimension;
            if (elements > long.MaxValue)
                return null;
        }
        var bytes = elements / format.BlockElements * format.BlockBytes;
        return bytes <= long.MaxValue ? (long)bytes : null;
    }

    /// <summary>All tensors of one file, in the order of their offsets, none reaching into the next.</summary>
    /// <exception cref="ModelFileException">Two of them share bytes.</exception>
    public static TensorInfo[] Ordered(MappedFile file, IEnumerable<TensorInfo> tensors)
    {
        var ordered = tensors.OrderBy(t => t.Offset).ThenBy(t => t.Bytes).ToArray();
        for (int i = 1; i < ordered.Length; i++)
        {
            var (before, after) = (ordered[i - 1], ordered[i]);
            if (before.Offset + before.Bytes > after.Offset)
                throw new ModelFileException(
                    file.Path, $"tensors {Printable.Quote(before.Name)} and {Printable.Quote(after.Name)} overlap", after.Offset);
        }
        return ordered;
    }
}
