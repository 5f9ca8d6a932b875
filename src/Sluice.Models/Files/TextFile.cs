using System.Text.Unicode;
using Sluice.Core.Errors;

namespace Sluice.Models.Files;

/// <summary>Small text files beside a model: whole, UTF-8, of bounded size.</summary>
internal static class TextFile
{
    /// <summary>The file's text without a byte order mark.</summary>
    /// <exception cref="ModelFileException">The file is absent, too large, or not UTF-8.</exception>
    public static ReadOnlyMemory<byte> ReadUtf8(string path, int maxBytes)
    {
        byte[] bytes;
        try
        {
            long length = new FileInfo(path).Length;
            if (length > maxBytes)
                throw new ModelFileException(path, $"{length} bytes, more than the {maxBytes} that are accepted");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"cannot be read: {e.Message}", inner: e);
        }
        if (!Utf8.IsValid(bytes))
            throw new ModelFileException(path, "the text is not UTF-8");
        return bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
    }
}
