namespace Sluice.Engine;

/// <summary>When waiting requests join those that run.</summary>
public enum Batching
{
    /// <summary>As soon as there is a place and room for them; prompts in chunks that leave the streams their pace.</summary>
    Continuous,

    /// <summary>
    /// When all of the batch before have ended, as many as there are places, prompts in the largest steps there may be. For offline runs:
    /// nobody waits for a first token there, and who runs beside whom depends on their order alone.
    /// </summary>
    Static,
}
