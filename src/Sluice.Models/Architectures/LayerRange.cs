namespace Sluice.Models.Architectures;

/// <summary>Layers [First, First + Count): what one pipeline stage runs.</summary>
public readonly record struct LayerRange(int First, int Count)
{
    public int End => First + Count;
}
