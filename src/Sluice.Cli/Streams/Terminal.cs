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

    /// <summary>A piece of data that a reader sees at once.</summary>
    public void Write(string text)
    {
        Out.Write(text);
        Out.Flush();
    }

    /// <summary>One line on the error stream.</summary>
    public void Say(string message) => Error.WriteLine($"sluice: {message}");

    /// <summary>A whole file as UTF-8; standard input for <c>-</c> or null.</summary>
    /// <param name="otherwise">What to tell who named nothing and pipes nothing in.</param>
    /// <exception cref="UsageException">Nothing was named and standard input is a terminal.</exception>
    public async Task<string> ReadTextAsync(string? path, string otherwise, CancellationToken cancellation)
    {
        if (path is not null and not "-")
            return await File.ReadAllTextAsync(path, Utf8, cancellation);
        if (path is null && InIsTerminal)
            throw new UsageException(otherwise);
        // A read of a pipe cannot be cancelled, so on Ctrl-C it is left behind.
        return await In.ReadToEndAsync(CancellationToken.None).WaitAsync(cancellation);
    }

    public void Dispose()
    {
        _in?.Dispose();
        Error.Dispose();
    }
}
