using System.Text.RegularExpressions;
using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Core.Ranks;
using Sluice.Models.Adapters;
using Sluice.Models.Layers;

namespace Sluice.Models.Architectures;

/// <summary>
/// Llama and its close relatives, which differ only in what their weights bring: Mistral (a window), Mixtral (experts), Qwen2 (biases on Q,
/// K and V), Qwen3 (norms on Q and K heads).
/// </summary>
internal sealed partial class LlamaArchitecture : IArchitecture
{
    private const string Mistral = "mistral", Mixtral = "mixtral", Qwen2 = "qwen2", Qwen3 = "qwen3";

    public IReadOnlyList<string> GgufNames { get; } = ["llama", Qwen2, Qwen3];

    public IReadOnlyList<string> HuggingFaceNames { get; } = ["llama", Mistral, Mixtral, Qwen2, Qwen3];

    public ModelConfig ReadConfig(IHyperParameters p, ModelWeights weights)
    {
        int dim = p.Count("embedding_length", "hidden_size");
        int heads = p.Count("attention.head_count", "num_attention_heads");
        int kvHeads = p.Count("attention.head_count_kv", "num_key_value_heads", heads);
        if (heads % kvHeads != 0)
            throw new ModelFileException(p.Path, $"{heads} attention heads cannot share {kvHeads} KV heads evenly");
        int headDim = p.Count("attention.key_length", "head_dim", dim / heads);
        if (p.WholeNumber("attention.value_length", "") is { } valueDim && valueDim != headDim)
            throw new UnsupportedModelException(
                p.Path, $"keys of {headDim} and values of {valueDim} per head are not supported by this architecture");
        const long Widest = 1 << 24;
        if ((long)heads * headDim > Widest)
            throw new ModelFileException(p.Path, $"{heads} heads of {headDim} are wider than the {Widest} that fit a row");
        int rotary = p.Count("rope.dimension_count", "", headDim);
        if (rotary % 2 != 0 || rotary > headDim)
            throw new ModelFileException(p.Path, $"{rotary} rotary dims do not fit heads of {headDim}");
        if (p.Text("", "hidden_act") is { } activation && activation != "silu")
            throw new UnsupportedModelException(p.Path, $"activation '{activation}' is not supported by this architecture; it uses silu");
        bool tied = !weights.Has("output.weight");
        if (tied && p.Flag("tie_word_embeddings") == false)
            throw new ModelFileException(p.Path, "'tie_word_embeddings' is false, but the weights hold no lm_head.weight");
        int context = p.Count("context_length", "max_position_embeddings", most: uint.MaxValue);
        int layers = p.Count("block_count", "num_hidden_layers", most: 1024);
        if (p.Number("", "partial_rotary_factor") is { } part && part != 1)
            throw new UnsupportedModelException(p.Path, "rotating only a part of each head is not supported by this architecture");
        int experts = p.WholeNumber("expert_count", "num_local_experts") is null or 0
            ? 0
            : p.Count("expert_count", "num_local_experts", most: 65536);
        float[]? divisors = weights.Has("rope_freqs.weight") ? weights.Floats("rope_freqs.weight", rotary / 2) : null;
        // GGUF's Llama has its Q and K rows permuted so that pairs are neighbours; every other file keeps Hugging Face's halves.
        var layout = !p.IsHuggingFace && p.Architecture == "llama" ? RopeLayout.Interleaved : RopeLayout.Halves;
        return new ModelConfig
        {
            Architecture = p.Architecture,
            Dim = dim,
            Layers = layers,
            LayerWindows = ReadWindows(p, layers, context),
            Heads = heads,
            KvHeads = kvHeads,
            HeadDim = headDim,
            FeedForward = p.Count("feed_forward_length", "intermediate_size"),
            Vocabulary = weights.RowsOf("token_embd.weight"),
            ContextLength = context,
            NormEpsilon = p.Positive("attention.layer_norm_rms_epsilon", "rms_norm_eps"),
            Rope = RopeScaling.Read(p, rotary, context, layout, divisors),
            TiedEmbeddings = tied,
            Experts = experts,
            ExpertsUsed = experts > 0 ? p.Count("expert_used_count", "num_experts_per_tok", most: experts) : 0,
        };
    }

    /// <summary>
    /// As transformers' modelling code reads them: Mistral's window is every layer's, Qwen's only that of layers from a certain one on.
    /// </summary>
    private static int[] ReadWindows(IHyperParameters p, int layers, int context)
    {
        bool qwen = p.Architecture is Qwen2 or Qwen3;
        if (p.WholeNumber("attention.sliding_window", "sliding_window") is not { } window || window >= context ||
            p.Flag("use_sliding_window") == false || (qwen && p.IsHuggingFace && p.Flag("use_sliding_window") is null))
            return [];
        if (!p.IsHuggingFace || p.Architecture == "llama")
            throw new UnsupportedModelException(
                p.Path, $"sliding-window attention is not supported in {p.Architecture} models of this kind of file");
        if (window < 1)
            throw new ModelFileException(p.Path, $"'sliding_window' is {window}; it must be at least 1");
        long first = qwen ? p.WholeNumber("", "max_window_layers") ?? 28 : 0; // transformers' own default
        return [.. Enumerable.Range(0, layers).Select(layer => layer >= first ? (int)window : 0)];
    }

    public ILanguageModel Build(ModelConfig c, ModelWeights weights, IBackend backend, ICollective collective)
    {
        if (c.Heads % collective.Size != 0 || c.KvHeads % collective.Size != 0 || c.FeedForward % collective.Size != 0 ||
            c.Vocabulary % collective.Size != 0)
            throw new SluiceException($"{weights.Path}: heads, feed-forward width and vocabulary do not divide by {collective.Size} ranks");
        bool permuted = c.Architecture is not (Qwen2 or Qwen3); // GGUF calls all the others "llama"
        var adapters = new AdapterTable(
            backend, collective, permuted ? "llama" : c.Architecture, ggufOrder: c.Rope.Layout == RopeLayout.Interleaved);
        var table = weights.Matrix("token_embd.weight", c.Vocabulary, c.Dim);
        var layers = new DecoderLayer[c.Layers];
        for (int i = 0; i < layers.Length; i++)
        {
            string prefix = $"blk.{i}.";
            layers[i] = new DecoderLayer(
                Norm(prefix + "attn_norm", c.Dim), Attention(prefix), Norm(prefix + "ffn_norm", c.Dim),
                c.Experts > 0 ? Experts(prefix) : Dense(prefix));
        }
        var model = new DecoderModel(c, new VocabEmbedding(table, backend), layers, Norm("output_norm", c.Dim),
            new OutputHead(
                c.TiedEmbeddings ? table : weights.Matrix("output.weight", c.Vocabulary, c.Dim),
                adapters.Open(Site("output", c.Vocabulary, c.Dim)), backend, collective),
            backend, collective, adapters);
        weights.RequireAllUsed(c.Architecture);
        return model;

        Tensor Norm(string name, int length) => backend.Memory.LoadVector(weights.Vector(name + ".weight", length));

        SelfAttention Attention(string prefix)
        {
            int q = c.Heads * c.HeadDim, kv = c.KvHeads * c.HeadDim;
            bool norms = c.Architecture == Qwen3, biases = c.Architecture == Qwen2;
            return new SelfAttention(
                Column(prefix + "attn_q", q, biases, permuted ? c.Heads : 0), Column(prefix + "attn_k", kv, biases, permuted ? c.KvHeads : 0),
                Column(prefix + "attn_v", kv, biases),
                Row(prefix + "attn_output", q), norms ? Norm(prefix + "attn_q_norm", c.HeadDim) : null,
                norms ? Norm(prefix + "attn_k_norm", c.HeadDim) : null, c, backend);
        }

        DenseFeedForward Dense(string prefix) => new(
            Column(prefix + "ffn_gate", c.FeedForward), Column(prefix + "ffn_up", c.FeedForward), Row(prefix + "ffn_down", c.FeedForward),
            backend);

        ExpertSet Experts(string prefix) => new(
            weights.Matrix(prefix + "ffn_gate_inp.weight", c.Experts, c.Dim),
            weights.Experts(prefix + "ffn_gate_exps.weight", c.Experts, c.FeedForward, c.Dim),
            weights.Experts(prefix + "ffn_up_exps.weight", c.Experts, c.FeedForward, c.Dim),
            weights.Experts(prefix + "ffn_down_exps.weight", c.Experts, c.Dim, c.FeedForward),
            new ExpertRouting(c.ExpertsUsed, Renormalise: true), backend, collective);

        ColumnLinear Column(string name, int outputs, bool needsBias = false, int permutedHeads = 0) => new(
            weights.Matrix(name + ".weight", outputs, c.Dim), Bias(name, outputs, needsBias),
            adapters.Open(Site(name, outputs, c.Dim) with { PermutedHeads = permutedHeads }), backend, collective);

        RowLinear Row(string name, int inputs) => new(
            weights.Matrix(name + ".weight", c.Dim, inputs), Bias(name, c.Dim, needed: false),
            adapters.Open(Site(name, c.Dim, inputs) with { SplitByInputs = true }), backend, collective);

        AdapterSite Site(string name, int outputs, int inputs) =>
            new(name, HuggingFaceTensorName(name + ".weight")[..^".weight".Length], outputs, inputs);

        TensorView? Bias(string name, int length, bool needed) =>
            needed || weights.Has(name + ".bias") ? weights.Vector(name + ".bias", length) : null;
    }

    public string HuggingFaceTensorName(string name)
    {
        string stored = LayerPrefix().Replace(name, "model.layers.$1.");
        stored = ExpertPart().Replace(stored, m => $"block_sparse_moe.experts.{m.Groups[2].Value}.{(m.Groups[1].Value switch { "gate" => "w1", "down" => "w2", _ => "w3" })}");
        foreach (var (gguf, huggingFace) in Names)
            stored = stored.Replace(gguf, huggingFace, StringComparison.Ordinal);
        return stored;
    }

    // Ordered: a longer name before one that it contains.
    private static readonly (string Gguf, string HuggingFace)[] Names =
    [
        ("token_embd.", "model.embed_tokens."), ("output_norm.", "model.norm."),
        ("attn_q_norm.", "self_attn.q_norm."), ("attn_k_norm.", "self_attn.k_norm."),
        ("attn_norm.", "input_layernorm."), ("ffn_norm.", "post_attention_layernorm."),
        ("attn_q.", "self_attn.q_proj."), ("attn_k.", "self_attn.k_proj."), ("attn_v.", "self_attn.v_proj."),
        ("attn_output.", "self_attn.o_proj."), ("output.", "lm_head."),
        ("ffn_gate_inp.", "block_sparse_moe.gate."),
        ("ffn_gate.", "mlp.gate_proj."), ("ffn_up.", "mlp.up_proj."), ("ffn_down.", "mlp.down_proj."),
    ];

    [GeneratedRegex(@"^blk\.(\d+)\.")]
    private static partial Regex LayerPrefix();

    [GeneratedRegex(@"ffn_(gate|up|down)\.(\d+)")]
    private static partial Regex ExpertPart();
}
