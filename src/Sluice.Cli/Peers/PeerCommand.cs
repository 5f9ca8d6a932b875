using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sluice.Core.Errors;

namespace Sluice.Cli.Peers;

/// <summary>Another engine's benchmark: a command line for the shell that prints one line of JSON with its speed.</summary>
/// <param name="line">As <see cref="Contract"/> says.</param>
internal sealed class PeerCommand(string line)
{
    public const string Contract =
        """a command line whose last line of output is JSON like {"prefill_tps":140.5,"decode_tps":28.1,"batched_tps":{"16":83}}, in tokens per second; what it leaves out is not compared. """
        + "Give it the same model, -p, -n, -t and -b.";

    /// <summary>How much of a failing peer's last words is repeated.</summary>
    private const int MostErrorChars = 600;

    public string Line { get; } = line;

    /// <exception cref="SluiceException">It ended with another code than 0, or printed no speed.</exception>
    public async Task<PeerSpeed> RunAsync(CancellationToken cancellation)
    {
        var (shell, flag) = OperatingSystem.IsWindows() ? ("cmd.exe", "/c") : ("/bin/sh", "-c");
        using var process = Process.Start(new ProcessStartInfo(shell, [flag, Line])
        {
            RedirectStandardInput = true, // a peer that reads gets an end, not the terminal
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        })!;
        try
        {
            process.StandardInput.Close();
            Task<string> output = LastLineAsync(process.StandardOutput, cancellation), error = TailAsync(process.StandardError, cancellation);
            string last = await output, said = await error;
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
                throw new SluiceException($"--peer ended with code {process.ExitCode}: {(said.Length > 0 ? said : "it said nothing on its error stream")}");
            return Parse(last);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <exception cref="SluiceException">The line is no JSON object, or has none of the figures.</exception>
    internal static PeerSpeed Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new JsonException("it is no object");
            var batched = new SortedDictionary<int, double>();
            if (root.TryGetProperty("batched_tps", out var batches) && batches.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty batch in batches.EnumerateObject())
                    batched[int.TryParse(batch.Name, out int sequences) ? sequences : throw new JsonException($"batched_tps: '{batch.Name}' is no number of sequences")] =
                        Speed(batch.Value, $"batched_tps.{batch.Name}");
            }
            var speed = new PeerSpeed(Optional(root, "prefill_tps"), Optional(root, "decode_tps"), batched);
            return speed.Figures.Count > 0 ? speed : throw new JsonException("it has neither prefill_tps nor decode_tps nor batched_tps");
        }
        catch (JsonException e)
        {
            string shown = line.Length > 120 ? line[..120] + "…" : line;
            throw new SluiceException($"--peer must be {Contract} Its last line was '{shown}': {e.Message}");
        }
    }

    private static double? Optional(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? Speed(value, name) : null;

    private static double Speed(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double speed) && speed > 0 && double.IsFinite(speed)
            ? speed
            : throw new JsonException($"{name} is no number above 0");

    private static async Task<string> LastLineAsync(StreamReader reader, CancellationToken cancellation)
    {
        string last = "";
        while (await reader.ReadLineAsync(cancellation) is { } read)
        {
            if (!string.IsNullOrWhiteSpace(read))
                last = read;
        }
        return last;
    }

    private static async Task<string> TailAsync(StreamReader reader, CancellationToken cancellation)
    {
        string tail = "";
        var buffer = new char[MostErrorChars];
        while (await reader.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            tail += new string(buffer, 0, read);
            if (tail.Length > MostErrorChars)
                tail = tail[^MostErrorChars..];
        }
        return tail.Trim();
    }
}
