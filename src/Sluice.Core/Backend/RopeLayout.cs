namespace Sluice.Core.Backend;

public enum RopeLayout
{
    /// <summary>Pairs are (2i, 2i + 1): GGUF's Llama, whose Q and K rows were permuted for it.</summary>
    Interleaved,

    /// <summary>Pairs are (i, i + rotary / 2): Hugging Face's own, GPT-NeoX and Qwen.</summary>
    Halves,
}
