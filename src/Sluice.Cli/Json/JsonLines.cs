using System.Text.Json;
using Sluice.Cli.Streams;
using Sluice.Core.Errors;

namespace Sluice.Cli.Json;

/// <summary>One JSON value per line in, one per line out, in order.</summary>
internal static class JsonLines
{
    /// <summary>
    /// A line that fails gives <c>{"error":"…"}</c> in its place and the work goes on, so that line n out always answers line n in; the exit code then
    /// says that something failed. Blank lines are passed over.
    /// </summary>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <param name="answer">Writes one value for one value; refuses it with a <see cref="SluiceException"/> or <see cref="JsonException"/>.</param>
    public static async Task<int> RunAsync(Terminal terminal, string path, Action<JsonElement, Utf8JsonWriter> answer, CancellationToken cancellation)
    {
        int failed = 0;
        using TextReader lines = path == "-" ? terminal.In : new StreamReader(path);
        while (await lines.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(cancellation) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (!TryAnswer(line, answer, out string written))
                failed++;
            terminal.Write(written + "\n"); // at once: whoever asks line by line waits for it
        }
        if (failed == 0)
            return ExitCode.Done;
        terminal.Say($"{failed} line{(failed == 1 ? "" : "s")} failed: the output has an error in its place");
        return ExitCode.Failed;
    }

    private static bool TryAnswer(string line, Action<JsonElement, Utf8JsonWriter> answer, out string written)
    {
        try
        {
            using var value = JsonDocument.Parse(line);
            written = JsonText.Write(writer => answer(value.RootElement, writer));
            return true;
        }
        catch (Exception e) when (e is JsonException or SluiceException)
        {
            written = JsonText.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("error", e.Message);
                writer.WriteEndObject();
            });
            return false;
        }
    }
}
