using Microsoft.Win32.SafeHandles;
using Sluice.Cli.Streams;

namespace Sluice.Cli.Pipes;

/// <summary>The records' stream: of a terminal, a pipe and a file alike the platform's own, unbuffered.</summary>
internal static class StandardInput
{
    public static Stream Open(Terminal terminal)
    {
        if (terminal.InIsTerminal)
            terminal.Say("reading records from the terminal; Ctrl-D ends them");
        return Console.OpenStandardInput();
    }

    /// <summary>Bytes from where it stands to its end; null where nobody knows, as of a pipe.</summary>
    public static long? FindLength()
    {
        if (OperatingSystem.IsWindows())
            return null; // its handle has no fixed number
        try
        {
            using var handle = new SafeFileHandle(0, ownsHandle: false);
            using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
            return file.CanSeek && file.Length > file.Position ? file.Length - file.Position : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null; // a folder, or closed: reading it will say so
        }
    }
}
