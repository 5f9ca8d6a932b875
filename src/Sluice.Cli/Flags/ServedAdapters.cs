using System.CommandLine;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Flags;

/// <summary><c>--adapter NAME=PATH</c>, given once for each LoRA adapter that is served, and who may change them later.</summary>
internal sealed class ServedAdapters
{
    private readonly Option<string[]> _adapters = new("--adapter")
    {
        Description = "Serves a LoRA adapter (a PEFT folder or a GGUF file) as model:NAME; may be given several times. " +
            "Where several models are served, NAME says whose it is: model:name.",
        HelpName = "NAME=PATH",
    };

    private readonly Option<bool> _mayChange = Flag.Switch(
        "--allow-adapter-loading", "Lets clients load adapters from this machine's files, and unload them.");

    public void AddTo(Command command)
    {
        command.Add(_adapters);
        command.Add(_mayChange);
    }

    public bool MayChange(ParseResult parsed) => parsed.GetValue(_mayChange);

    /// <summary>The adapters of each model that has any.</summary>
    /// <exception cref="UsageException">One is not written as NAME=PATH, is there twice, or it is not clear whose it is.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<AdapterInfo>> Read(ParseResult parsed, IReadOnlyList<string> models)
    {
        var all = new Dictionary<string, IReadOnlyList<AdapterInfo>>();
        foreach (string text in parsed.GetValue(_adapters) ?? [])
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals == text.Length - 1)
                throw new UsageException($"--adapter takes NAME=PATH, not '{text}'.");
            string name = text[..equals];
            int mark = name.LastIndexOf(':');
            string model = mark >= 0 ? name[..mark] : models is [var only] ? only : throw new UsageException(
                $"Several models are served: say whose adapter it is, as in --adapter {models[0]}:{text}");
            if (!models.Contains(model))
                throw new UsageException($"--adapter {text}: no model '{model}' is served; there are {string.Join(", ", models)}.");
            var adapter = new AdapterInfo(name[(mark + 1)..], text[(equals + 1)..]);
            IReadOnlyList<AdapterInfo> known = all.GetValueOrDefault(model, []);
            if (known.Any(other => other.Name == adapter.Name))
                throw new UsageException($"--adapter: '{model}' has two adapters called '{adapter.Name}'.");
            all[model] = [.. known, adapter];
        }
        return all;
    }
}
