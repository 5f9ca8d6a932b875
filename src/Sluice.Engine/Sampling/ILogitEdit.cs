namespace Sluice.Engine.Sampling;

/// <summary>A step that changes logits of single tokens before any is left out. It keeps nothing from draw to draw.</summary>
internal interface ILogitEdit
{
    void Apply(Span<float> logits, in DrawContext draw);
}
