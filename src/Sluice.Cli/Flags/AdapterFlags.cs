using System.CommandLine;
using Sluice.Local;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Flags;

/// <summary><c>--adapter</c> and <c>--adapter-scale</c>: the LoRA adapter that one model answers through.</summary>
internal sealed class AdapterFlags
{
    private readonly Option<string?> _path = Flag.Text(
        "--adapter", "Answers through this LoRA adapter: a PEFT folder or a GGUF file.", "PATH");
    private readonly Option<float?> _scale = Flag.Number(
        "--adapter-scale", "Makes what --adapter changes so much stronger or weaker.", -1000, 1000);

    public void AddTo(Command command)
    {
        command.Add(_path);
        command.Add(_scale);
    }

    /// <summary>The adapter, if one is given.</summary>
    /// <exception cref="UsageException">There is a scale but no adapter.</exception>
    public IReadOnlyList<AdapterInfo> Read(ParseResult parsed)
    {
        float? scale = parsed.GetValue(_scale);
        if (parsed.GetValue(_path) is { } path)
            return [new AdapterInfo(NameOf(path), path, scale ?? 1)];
        return scale is null ? [] : throw new UsageException("--adapter-scale counts only beside --adapter: add --adapter PATH.");
    }

    /// <summary>An adapter's name from its file's or folder's, as far as names may have such characters.</summary>
    private static string NameOf(string path)
    {
        string name = ModelLocator.NameOf(path);
        string usable = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-'));
        return usable.Length is > 0 and <= 128 ? usable : "adapter";
    }
}
