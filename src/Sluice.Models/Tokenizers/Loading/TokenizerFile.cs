using System.IO.Compression;
using System.Text.Unicode;
using Sluice.Core.Errors;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>The bytes of a tokenizer file, unpacked if it is gzipped, of bounded size.</summary>
internal static class TokenizerFile
{
    // Gemma's, the largest known, has 35 MB.
    private const int SizeLimit = 256 << 20;

    public static ReadOnlySpan<byte> Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            return IsGzip(file) ? Unpack(path, file) : ReadPlain(path, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ModelFileException(path, $"cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>The same for a file that must be text; without its byte order mark.</summary>
    public static ReadOnlySpan<byte> ReadText(string path)
    {
        var text = Read(path);
        if (!Utf8.IsValid(text))
            throw new ModelFileException(path, "the text is not UTF-8");
        return text.StartsWith("\uFEFF"u8) ? text[3..] : text;
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> start = stackalloc byte[2];
        bool gzip = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1F, 0x8B];
        file.Position = 0;
        return gzip;
    }

    private static ReadOnlySpan<byte> ReadPlain(string path, FileStream file)
    {
        if (file.Length > SizeLimit)
            throw TooLarge(path);
        byte[] text = new byte[file.Length];
        file.ReadExactly(text);
        return text;
    }

    private static ReadOnlySpan<byte> Unpack(string path, FileStream file)
    {
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        var text = new MemoryStream();
        byte[] chunk = new byte[1 << 16];
        for (int read; (read = unpacked.Read(chunk)) > 0;)
        {
            if (text.Length + read > SizeLimit)
                throw TooLarge(path);
            text.Write(chunk, 0, read);
        }
        return text.GetBuffer().AsSpan(0, (int)text.Length);
    }

    private static ModelFileException TooLarge(string path) => new(path, $"more than the {SizeLimit >> 20} MB that a tokenizer file may have");
}
