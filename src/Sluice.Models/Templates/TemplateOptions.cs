namespace Sluice.Models.Templates;

/// <summary>
/// How a template is read, and what one rendering may cost. The defaults read templates as transformers does and leave real ones a
/// thousandfold of room.
/// </summary>
public sealed record TemplateOptions
{
    public static TemplateOptions Default { get; } = new();

    /// <summary>Drop the newline after a block tag.</summary>
    public bool TrimBlocks { get; init; } = true;

    /// <summary>Drop blanks between the start of a line and a block tag.</summary>
    public bool LstripBlocks { get; init; } = true;

    /// <summary>Characters in a template's source.</summary>
    public int MaxSourceCharacters { get; init; } = 1 << 20;

    /// <summary>How deep blocks, brackets and unary operators may nest, and how deep macros may call each other.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>Operations in one rendering: an expression evaluated, a list element or 64 characters touched count as one.</summary>
    public long MaxSteps { get; init; } = 10_000_000;

    /// <summary>Characters in the prompt, and in any text made on the way to it.</summary>
    public int MaxTextCharacters { get; init; } = 16 << 20;

    /// <summary>Bytes of all values made in one rendering, freed ones included.</summary>
    public long MaxAllocatedBytes { get; init; } = 512L << 20;
}
