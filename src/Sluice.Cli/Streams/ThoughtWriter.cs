namespace Sluice.Cli.Streams;

/// <summary>Shows what a model thinks before it answers: on the error stream, because it is no data, and dim where that is a terminal.</summary>
internal sealed class ThoughtWriter(Terminal terminal)
{
    private const string Dim = "\e[2m", Normal = "\e[0m";

    private bool _open;

    public void Write(string thoughts)
    {
        if (!_open && terminal.ErrorIsTerminal)
            terminal.Error.Write(Dim);
        _open = true;
        terminal.Error.Write(thoughts);
    }

    /// <summary>The answer begins, or there is none.</summary>
    public void End()
    {
        if (!_open)
            return;
        terminal.Error.WriteLine(terminal.ErrorIsTerminal ? Normal : "");
        _open = false;
    }
}
