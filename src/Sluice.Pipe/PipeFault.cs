namespace Sluice.Pipe;

public enum PipeFault
{
    /// <summary>The flags, the configuration, a template or a preset are wrong; nothing was sent.</summary>
    Usage,

    /// <summary>The input cannot be read.</summary>
    Input,

    /// <summary>A file that the run writes (output, journal, spill) failed.</summary>
    Output,
}
