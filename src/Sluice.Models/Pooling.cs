namespace Sluice.Models;

/// <summary>How the hidden states of a text's positions become its one embedding.</summary>
public enum Pooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The last one, which has seen the whole text.</summary>
    Last,
}
