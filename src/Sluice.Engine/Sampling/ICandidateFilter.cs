namespace Sluice.Engine.Sampling;

/// <summary>A step that leaves tokens out, never all, or sets the temperature.</summary>
internal interface ICandidateFilter
{
    void Apply(Candidates candidates, in DrawContext draw);
}
