using System.Security.Cryptography;
using Microsoft.Extensions.AI;
using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Core.Ranks;
using Sluice.Cpu;
using Sluice.Engine;
using Sluice.Engine.Adapters;
using Sluice.Engine.Requests;
using Sluice.Engine.Running;
using Sluice.Local.Adapters;
using Sluice.Local.Answers;
using Sluice.Local.Clients;
using Sluice.Models;
using Sluice.Models.Architectures;
using Sluice.Models.Grammars;
using Sluice.Models.Templates;
using Sluice.Models.Tokenizers;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local;

/// <summary>
/// A model that answers in this process: its files, its weights on a backend, its engine. The one place where these meet. Dispose it to
/// free all of them, last opened first.
/// </summary>
public sealed class LocalModel : IDisposable
{
    private readonly IComputeDevice? _ownDevice;
    private readonly MemoryLease _weights;
    private readonly IBackend _backend;
    private readonly ILanguageModel _model;
    private readonly LocalAdapters _adapters;
    private readonly LocalDraft? _draft;
    private readonly Lazy<ChatFormat> _chat;
    private readonly Lazy<GrammarVocabulary> _grammars;
    private readonly SemaphoreSlim _scoring = new(1);
    private readonly CancellationTokenSource _ending = new();

    private LocalModel(string name, ModelPackage package, IComputeDevice device, bool ownsDevice, LocalModelOptions options)
    {
        Name = name;
        Package = package;
        Device = device;
        Pooling = options.Pooling ?? package.Embeddings.Pooling ?? Pooling.Mean;
        _ownDevice = ownsDevice ? device : null;
        _chat = new Lazy<ChatFormat>(() =>
            new ChatFormat(ChatTemplate.Compile(package.ChatTemplate ?? ChatTemplates.ChatMl), SpecialTokenVariables.Of(package.Tokenizer)));
        _grammars = new Lazy<GrammarVocabulary>(() => new GrammarVocabulary(Tokenizer, EndTokens));
        Answers = new LocalFormat(options.AnswerFormat, package.ChatTemplate ?? ChatTemplates.ChatMl, _chat, () => package.Tokenizer);
        // Packed or mapped from the file, they are read again for every token: weights that memory does not hold are as good as none.
        _weights = device.Memory.Lease(package.TensorBytes, $"the weights of '{name}'");
        _backend = device.CreateBackend();
        try
        {
            _model = package.Build(_backend, SingleRank.Instance);
            _adapters = new LocalAdapters(name, _model, device);
            foreach (var adapter in options.Adapters) // before the engine, which takes what memory it finds
                _adapters.Load(adapter);
            _model = options.Around?.Invoke(_model, _backend) ?? _model;
            _draft = LocalDraft.Open(options.Draft, package, device, _backend);
            Engine = new LlmEngine(
                name, _model, _backend, device, LocalDraft.Options(options.Engine, options.Draft), draft: _draft?.Model);
        }
        catch
        {
            _adapters?.Dispose();
            _model?.Dispose();
            _draft?.Dispose();
            _backend.Dispose(); // and with it whatever was loaded so far
            _weights.Dispose();
            throw;
        }
    }

    /// <summary>Public name.</summary>
    public string Name { get; }

    public ModelPackage Package { get; }

    public IComputeDevice Device { get; }

    public LlmEngine Engine { get; }

    /// <summary>The LoRA adapters it has now.</summary>
    public IReadOnlyList<AdapterInfo> Adapters => _adapters.All;

    /// <summary>Takes a LoRA adapter, from any thread, also while the model answers.</summary>
    /// <exception cref="SluiceException">The name is taken or no name, the files are no adapter of this model, or there is no memory
    /// left.</exception>
    public void LoadAdapter(AdapterInfo adapter) => _adapters.Load(adapter);

    /// <summary>
    /// Takes no more requests for an adapter, lets those that run end within <paramref name="drain"/>, ends the others, frees its memory.
    /// </summary>
    /// <returns>False where there is none of that name.</returns>
    public Task<bool> UnloadAdapterAsync(string name, TimeSpan drain) => _adapters.UnloadAsync(Engine, name, drain);

    /// <summary>What stands between a model's name and its adapter's.</summary>
    internal const char AdapterMark = ':';

    /// <summary>The names by which requests reach it: its own, and one for each adapter.</summary>
    internal IReadOnlyList<string> ServedNames => NamesOf(Name, Adapters);

    /// <summary>A model's own name, and one for each adapter.</summary>
    internal static IReadOnlyList<string> NamesOf(string model, IReadOnlyList<AdapterInfo> adapters) =>
        [model, .. adapters.Select(adapter => model + AdapterMark + adapter.Name)];

    /// <summary>The adapter that a request's model name means; null for the model itself, however the request calls that.</summary>
    /// <exception cref="InvalidRequestException">404: it means one that is not there.</exception>
    public EngineAdapter? FindAdapter(string asked)
    {
        if (!asked.StartsWith(Name + AdapterMark, StringComparison.Ordinal))
            return null;
        return _adapters.Find(asked[(Name.Length + 1)..])?.Requests ?? throw new InvalidRequestException(
            $"The model '{Name}' has no adapter '{asked[(Name.Length + 1)..]}'.", "model", "model_not_found", 404);
    }

    /// <summary>Waits until computing is as fast as it gets: the weights may still be being packed. Nothing else needs it.</summary>
    public void FinishLoading() => _backend.Memory.FinishLoading();

    /// <summary>How the positions of a text become its embedding.</summary>
    public Pooling Pooling { get; }

    public ITokenizer Tokenizer => Package.Tokenizer;

    /// <summary>
    /// Turns conversations into prompts by the model's chat template, or by ChatML where it brings none; compiled on first use.
    /// </summary>
    /// <exception cref="TemplateException">The template does not compile.</exception>
    public ChatFormat Chat => _chat.Value;

    /// <summary>Compiles what answers of this model may say; its tree of tokens is made on first use.</summary>
    public GrammarVocabulary Grammars => _grammars.Value;

    /// <summary>How its answers to conversations are read.</summary>
    internal LocalFormat Answers { get; }

    /// <summary>Tokens that end an answer.</summary>
    public IReadOnlySet<int> EndTokens
    {
        get => field ??= Tokenizer.Special.EndOfGeneration.Concat(Package.Defaults.EndTokens).ToHashSet();
    }

    /// <param name="model">A name or path that <see cref="ModelLocator"/> knows.</param>
    /// <param name="device">The process's compute device; null opens one for this model alone.</param>
    /// <exception cref="SluiceException">The model cannot be used; the message says why.</exception>
    public static LocalModel Open(string model, LocalModelOptions? options = null, IComputeDevice? device = null)
    {
        options ??= new LocalModelOptions();
        var package = ModelPackage.Open(ModelLocator.Resolve(model));
        CpuDevice? own = null;
        try
        {
            own = device is null ? new CpuDevice(new CpuDeviceOptions()) : null;
            return new LocalModel(options.Name ?? ModelLocator.NameOf(model), package, device ?? own!, own is not null, options);
        }
        catch
        {
            own?.Dispose();
            package.Dispose();
            throw;
        }
    }

    /// <summary>Logits of every position of a text, beside the engine: with their own KV of <paramref name="kvType"/>.</summary>
    /// <param name="ids">Token ids, taken as they are.</param>
    /// <param name="chunk">Most tokens per step.</param>
    /// <param name="onPosition">Called in order with each position and its logits, which are valid during the call.</param>
    /// <exception cref="SluiceException">The ids do not belong to this model or do not fit its context.</exception>
    public void ComputeLogits(
        DType kvType, ReadOnlySpan<int> ids, int chunk, Action<int, float[]> onPosition, CancellationToken cancellation = default) =>
        ComputeLogits(null, kvType, ids, chunk, onPosition, cancellation);

    /// <inheritdoc cref="ComputeLogits(DType, ReadOnlySpan{int}, int, Action{int, float[]}, CancellationToken)"/>
    /// <param name="adapter">Name of the adapter that the ids go through; null for none. It must not be unloaded meanwhile.</param>
    /// <exception cref="SluiceException">As without an adapter; or there is none of that name.</exception>
    public void ComputeLogits(
        string? adapter, DType kvType, ReadOnlySpan<int> ids, int chunk, Action<int, float[]> onPosition,
        CancellationToken cancellation = default)
    {
        int number = adapter is null ? 0
            : _adapters.Find(adapter)?.Number ?? throw new SluiceException($"'{Name}' has no adapter '{adapter}'");
        LogitsProbe.Run(_model, _backend, Device, kvType, number, ids, chunk, onPosition, cancellation);
    }

    /// <summary>
    /// How likely each token of a prompt is after those before it, beside the engine: one entry for each from the second on.
    /// </summary>
    /// <param name="best">How many of the most likely tokens to name beside each.</param>
    /// <exception cref="SluiceException">There is no memory for its KV.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed, before or meanwhile.</exception>
    internal async Task<IReadOnlyList<TokenScores>> ScorePromptAsync(Prompt prompt, int best, CancellationToken cancellation)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ending.Token);
        var either = linked.Token;
        try
        {
            await _scoring.WaitAsync(either).ConfigureAwait(false); // each takes KV of its own
            try
            {
                var kvType = Engine.Options.KvType;
                return await Task.Run(() => PromptProbe.Run(_model, _backend, Device, kvType, prompt, best, either), either)
                    .ConfigureAwait(false);
            }
            finally
            {
                _scoring.Release();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ObjectDisposedException(Name);
        }
    }

    /// <summary>
    /// The model as a chat client. Options that it cannot follow (tools, reasoning) raise
    /// <see cref="NotSupportedException"/>. The client borrows the model.
    /// </summary>
    /// <param name="time">The clock that chat templates and dates read; null takes the system's.</param>
    /// <param name="random">Seeds answers whose options bring no seed; null takes one that nobody can foresee.</param>
    public IChatClient AsChatClient(TimeProvider? time = null, Random? random = null) =>
        new LocalChatClient(this, time ?? TimeProvider.System, random ?? new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));

    /// <summary>The model as a generator of embeddings, each of length 1. The generator borrows the model.</summary>
    /// <param name="time">The clock that dates read; null takes the system's.</param>
    public IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(TimeProvider? time = null) =>
        new LocalEmbeddingGenerator(this, time ?? TimeProvider.System);

    /// <summary>Ends what still runs, and waits for that.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        _scoring.Wait(); // or its kernels would run on in freed memory
        _scoring.Release(); // for who came before the end and still waits: they find it cancelled
        Engine.Dispose();
        _adapters.Dispose();
        _draft?.Dispose();
        _model.Dispose();
        _backend.Dispose();
        _weights.Dispose();
        Package.Dispose();
        _ownDevice?.Dispose();
    }
}
