using System.CommandLine;
using System.Text.Json;
using Sluice.Cli.Flags;
using Sluice.Cli.Pipes;
using Sluice.Cli.Streams;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice pipe init</c>: writes a configuration.</summary>
internal sealed class PipeInitCommand
{
    private const string Presets = """

        # A preset of your own: sluice pipe -p shout
        # [prompt.shout]
        # template = "Rewrite the text in capitals."
        """;

    private readonly Terminal _terminal;
    private readonly Option<string?> _url = Flag.Text("--base-url",
        "A remote source's address, such as https://api.example.com/v1.", "URL");
    private readonly Option<string?> _model = Flag.Text("--model", "The model to ask for.", "MODEL", "-m");
    private readonly Option<string?> _keyCommand = Flag.Text("--api-key-command",
        "A shell command that prints the API key, so that no key stands in a file.", "COMMAND");
    private readonly Option<bool> _force = Flag.Switch("--force", "Replaces the file where there is one.");

    private PipeInitCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var init = new PipeInitCommand(terminal);
        var command = new CliCommand("init", "Writes the pipe's configuration file, which you then edit.",
            "sluice pipe init",
            "sluice pipe init --base-url https://api.example.com/v1 -m small --api-key-command \"pass show example\"")
        { init._url, init._model, init._keyCommand, init._force };
        command.SetAction(init.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = ConfigPaths.Own;
        if (File.Exists(path) && !parsed.GetValue(_force))
            throw new UsageException($"{path} is there already: edit it, or add --force to replace it.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string[] lines =
        [
            "# Where 'sluice pipe' takes its answers from when no flag says so. Without base_url: a model in this process.",
            Line("base_url", parsed.GetValue(_url), "https://api.example.com/v1"),
            Line("model", parsed.GetValue(_model), "demo"),
            Line("api_key_command", parsed.GetValue(_keyCommand), "pass show example"),
            Presets,
        ];
        File.WriteAllText(path, string.Join('\n', lines) + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _terminal.Say($"wrote {path}");
        return ExitCode.Done;
    }

    private static string Line(string name, string? value, string example) =>
        $"{(value is null ? "# " : "")}{name} = \"{JsonEncodedText.Encode(value ?? example)}\"";
}
