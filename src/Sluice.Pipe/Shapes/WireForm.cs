namespace Sluice.Pipe.Shapes;

/// <summary>How a source is asked to keep to a shape.</summary>
public enum WireForm
{
    /// <summary>By the prompt alone.</summary>
    None,

    /// <summary>By fields that Sluice and vLLM have (<c>guided_choice</c>, <c>guided_regex</c>).</summary>
    Guided,

    /// <summary>By a JSON schema, which providers have.</summary>
    Schema,
}
