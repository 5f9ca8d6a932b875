using Microsoft.Win32.SafeHandles;
using Sluice.Core.Errors;

namespace Sluice.Models.Files;

/// <summary>Tells what a path is, by content where the content says it (cached downloads have no extension), else by extension.</summary>
public static class ModelPath
{
    private const int HeadBytes = 9;

    /// <exception cref="ModelFileException">Nothing is there, or nothing that is known.</exception>
    public static ModelPathKind Detect(string path)
    {
        if (Directory.Exists(path))
            return DetectFolder(path);
        if (!File.Exists(path))
            throw new ModelFileException(path, "no such file or folder");
        Span<byte> head = stackalloc byte[HeadBytes];
        head = head[..ReadHead(path, head)];
        return head.StartsWith("GGUF"u8) ? ModelPathKind.Gguf : ByName(path) ?? ByHead(head) ?? throw new ModelFileException(
            path, "neither GGUF, safetensors, a folder with config.json, a tokenizer.json nor a .jinja template");
    }

    private static ModelPathKind DetectFolder(string path)
    {
        if (File.Exists(Path.Combine(path, "config.json")))
            return ModelPathKind.HuggingFaceFolder;
        string? gguf = Directory.EnumerateFiles(path, "*.gguf", new EnumerationOptions()).Order(StringComparer.Ordinal).FirstOrDefault();
        throw new ModelFileException(path, gguf is null
            ? "a folder without config.json is no model folder"
            : $"a folder without config.json is no model folder; name the file, as {Printable.Quote(Path.GetFileName(gguf))}");
    }

    private static ModelPathKind? ByName(string path)
    {
        bool Ends(string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
        if (Ends(".gguf"))
            return ModelPathKind.Gguf; // whose reader says what is wrong with it
        if (Ends(".safetensors") || Ends(".safetensors.index.json"))
            return ModelPathKind.SafetensorsFile;
        if (Ends(".json") || Ends(".json.gz"))
            return ModelPathKind.TokenizerJson;
        return Ends(".jinja") ? ModelPathKind.Jinja : null;
    }

    private static ModelPathKind? ByHead(ReadOnlySpan<byte> head)
    {
        // A header stays far below 2^56 bytes, so its length ends in a zero, which no text does.
        if (head.Length == HeadBytes && head[SafetensorsHeader.LengthBytes - 1] == 0 && head[SafetensorsHeader.LengthBytes] == '{')
            return ModelPathKind.SafetensorsFile;
        return head.TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? ModelPathKind.TokenizerJson : null;
    }

    private static int ReadHead(string path, Span<byte> head)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            return RandomAccess.Read(file, head, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"cannot be read: {e.Message}", inner: e);
        }
    }
}
