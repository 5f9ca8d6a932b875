using System.CommandLine;
using Sluice.Core;
using Sluice.Core.Steps;
using Sluice.Cpu;
using Sluice.Engine;
using Sluice.Local;
using Sluice.Models.Architectures;

namespace Sluice.Cli.Flags;

/// <summary>How a model is opened for generation.</summary>
internal sealed class EngineFlags(bool concurrent = false)
{
    private readonly Option<int?> _threads = Flag.Integer("-t", "Threads that compute; without it one per core.", 1, 1024, "--threads");
    private readonly Option<DType?> _kv = KvType();
    private readonly Option<long?> _kvBytes = Flag.Bytes("--kv-bytes",
        "Most memory for keys and values, such as 512M or 4G; without it up to half of what is free. serve shows what it came to.");
    private readonly Option<string?> _kvCache = Flag.Text("--kv-cache-dir",
        "Keeps cached prefixes that memory has no room for in a file here, until the end, instead of computing them again.", "DIR");
    private readonly Option<long?> _kvCacheBytes = Flag.Bytes(
        "--kv-cache-bytes", "Size of that file for each model, taken at once; 4G unless told otherwise.");
    private readonly Option<long?> _memory = Flag.Bytes("--memory",
        "Memory for all that is loaded, weights included, such as 8G; without it four fifths of what this process may use.");
    private readonly Option<int?> _context = Flag.Integer("--context", "Most tokens of prompt and answer together.", 1, 1 << 24);
    private readonly Option<bool> _beyondTraining = Flag.Switch("--beyond-training",
        "Lets --context exceed what the model was made for; answers lose their sense there.");
    private readonly Option<int?> _window = Flag.Integer("--kv-window",
        "Keeps the N most recent tokens and drops what is older, so that longer contexts fit; the model no longer sees what was dropped.",
        1, 1 << 30);
    private readonly Option<int?> _sinks = Flag.Integer(
        "--kv-sinks", "Keeps the first N tokens too, beside --kv-window; 4 are enough to keep a model sane.", 0, 1 << 30);
    private readonly Option<int?> _heavy = Flag.Integer("--kv-heavy",
        "Keeps N older tokens too, beside --kv-window: those that attention fell on most. Costs the prefix cache.", 0, 1 << 30);
    private readonly Option<string?> _draft = Draft();
    private readonly Option<int?> _draftTokens = DraftTokens();
    private readonly Option<string?> _answerFormat = Flag.Text("--answer-format",
        "How the model marks thoughts and calls of tools, where its chat template does not show it; 'plain' for not at all.", "NAME");
    private readonly Option<Batching?> _batching = Flag.Choice("--batching",
        "When waiting requests join those that run: continuous as soon as there is room, static when all before have ended (for offline runs).",
        ("continuous", Batching.Continuous), ("static", Batching.Static));
    private readonly Option<int?> _parallel = Flag.Integer("--parallel", "Most requests computed at once; the others wait.", 1, 1024);

    /// <summary>Types that keys and values can be stored in, by the names that flags and configurations use.</summary>
    public static readonly (string Name, DType Type)[] KvTypes =
        [("f16", DType.F16), ("f32", DType.F32), ("q8_0", DType.Q8_0), ("q4_0", DType.Q4_0)];

    /// <summary>How keys and values are stored.</summary>
    public static Option<DType?> KvType(string otherwise = "f16") =>
        Flag.Choice("--kv", $"Stored type of keys and values; {otherwise} unless told otherwise.", KvTypes);

    /// <summary>How tokens are proposed ahead.</summary>
    public static Option<string?> Draft() => Flag.Text("--draft",
        $"Proposes tokens ahead and checks several in one step, which changes no answer: '{LocalDraft.Ngram}' repeats what followed the " +
        "same words before, a smaller model with the same tokenizer writes ahead.", "MODEL|ngram");

    public static Option<int?> DraftTokens() => Flag.Integer("--draft-tokens",
        $"Most tokens proposed ahead ({new EngineOptions().DraftTokens}); fewer where they fare badly.", 1, 64);

    public void AddTo(Command command)
    {
        command.Add(_threads);
        command.Add(_kv);
        command.Add(_memory);
        command.Add(_kvBytes);
        command.Add(_kvCache);
        command.Add(_kvCacheBytes);
        command.Add(_context);
        command.Add(_beyondTraining);
        command.Add(_window);
        command.Add(_sinks);
        command.Add(_heavy);
        command.Add(_answerFormat);
        command.Add(_draft);
        command.Add(_draftTokens);
        if (!concurrent)
            return;
        command.Add(_parallel);
        command.Add(_batching);
    }

    public CpuDeviceOptions ReadDevice(ParseResult parsed) =>
        new() { Threads = parsed.GetValue(_threads) ?? 0, MemoryBytes = parsed.GetValue(_memory) ?? 0 };

    /// <summary>Refuses a context that was asked for by name but that the model does not have; nothing is cut unseen.</summary>
    /// <exception cref="UsageException">It was made for fewer tokens.</exception>
    public void CheckContext(ParseResult parsed, string name, ModelConfig config)
    {
        if (parsed.GetValue(_context) is { } asked && asked > config.ContextLength && !parsed.GetValue(_beyondTraining))
        {
            throw new UsageException($"'{name}' was made for {config.ContextLength} tokens, --context asks for {asked}: " +
                "ask for fewer, or add --beyond-training.");
        }
    }

    public LocalModelOptions ReadModel(ParseResult parsed)
    {
        LocalModelOptions defaults = concurrent ? new LocalModelOptions() : LocalModelOptions.Single();
        return defaults with
        {
            AnswerFormat = parsed.GetValue(_answerFormat),
            Draft = parsed.GetValue(_draft),
            Engine = defaults.Engine with
            {
                KvType = parsed.GetValue(_kv) ?? DType.F16,
                KvBytes = parsed.GetValue(_kvBytes) ?? 0,
                KvCacheFolder = parsed.GetValue(_kvCache),
                KvCacheBytes = ReadCacheBytes(parsed) ?? defaults.Engine.KvCacheBytes,
                Retention = ReadRetention(parsed),
                Batching = concurrent ? parsed.GetValue(_batching) ?? Batching.Continuous : Batching.Continuous,
                DraftTokens = ReadDraftTokens(parsed) ?? defaults.Engine.DraftTokens,
                BeyondTraining = parsed.GetValue(_beyondTraining),
                ContextTokens = parsed.GetValue(_context) ?? defaults.Engine.ContextTokens,
                MaxSequences = concurrent ? parsed.GetValue(_parallel) ?? defaults.Engine.MaxSequences : defaults.Engine.MaxSequences,
            },
        };
    }

    private int? ReadDraftTokens(ParseResult parsed)
    {
        int? tokens = parsed.GetValue(_draftTokens);
        return tokens is null || parsed.GetValue(_draft) is not null
            ? tokens
            : throw new UsageException("--draft-tokens counts only beside --draft: add --draft ngram or --draft MODEL.");
    }

    private long? ReadCacheBytes(ParseResult parsed)
    {
        long? bytes = parsed.GetValue(_kvCacheBytes);
        return bytes is null || parsed.GetValue(_kvCache) is not null
            ? bytes
            : throw new UsageException("--kv-cache-bytes is the size of a file: say where with --kv-cache-dir DIR.");
    }

    private KvRetention ReadRetention(ParseResult parsed)
    {
        int? window = parsed.GetValue(_window);
        int sinks = BesideWindow(_sinks), heavy = BesideWindow(_heavy);
        return new KvRetention(sinks, window ?? 0, heavy);

        int BesideWindow(Option<int?> option)
        {
            int tokens = parsed.GetValue(option) ?? 0;
            return tokens == 0 || window is not null
                ? tokens
                : throw new UsageException($"{option.Name} counts only beside --kv-window: add --kv-window N.");
        }
    }
}
