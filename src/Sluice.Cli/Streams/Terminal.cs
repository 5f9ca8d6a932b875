using System.Text;

namespace Sluice.Cli.Streams;

/// <summary>The three standard streams: data out, talk on the error stream, UTF-8 without a mark throughout, whatever the locale says.</summary>
internal sealed class Terminal : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private TextReader? _in;

    /// <summary>Data. Buffered: flush after each piece that a reader should see.</summary>
    public TextWriter Out { get; } = new StreamWriter(new StandardOutput(), Utf8) { NewLine = "\n" };

    /// <summary>Talk.</summary>
    public TextWriter Error { get; } = new StreamWriter(Console.OpenStandardError(), Utf8) { NewLine = "\n", AutoFlush = true };

    public TextReader In => _in ??= new StreamReader(Console.OpenStandardInput(), Utf8);

    public bool InIsTerminal { get; } = !Console.IsInputRedirected;

    public bool OutIsTerminal { get; } = !Console.IsOutputRedirected;

    public bool ErrorIsTerminal { get; } = !Console.IsErrorRedirected;

    /// <summary>One line on the error stream.</summary>
    public void Say(string message) => Error.WriteLine($"sluice: {message}");

    public void Dispose()
    {
        _in?.Dispose();
        Error.Dispose();
    }
}
