using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Pipe;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Presets;
using Sluice.Pipe.Templates;

namespace Sluice.Cli.Pipes;

/// <summary>What to do with each record: a prompt, a preset, a file, or a preset with a prompt behind it.</summary>
internal sealed class PromptFlags
{
    private readonly Argument<string?> _prompt = new("PROMPT")
    {
        Description = "What to do with each record. {} stands for the record, {.field} for a field, {1} for a part, {#} for its number; " +
            "without any of them the record follows the prompt.",
        Arity = ArgumentArity.ZeroOrOne,
        Validators = { Flag.RefuseOptions },
    };

    private readonly Option<string?> _preset = Flag.Text("--preset",
        "A prompt with a name; 'sluice pipe presets' lists them.", "NAME", "-p");
    private readonly Option<string[]> _variables = Variables();
    private readonly Option<string?> _file = Flag.Text("--template", "The prompt is in this file.", "FILE", "-T");

    public static Option<string[]> Variables() => new("--var", "-v")
    {
        Description = "A value for {{NAME}} in the prompt; may be given several times.", HelpName = "NAME=VALUE",
    };

    public void AddTo(Command command)
    {
        command.Add(_prompt);
        command.Add(_preset);
        command.Add(_variables);
        command.Add(_file);
    }

    /// <summary>The prompt, its variables filled in, and the preset it came from, if any.</summary>
    /// <exception cref="PipeException">There is none, or it names what does not exist.</exception>
    public (Template Template, Preset? Preset) Read(ParseResult parsed, PipeConfig config)
    {
        string? prompt = parsed.GetValue(_prompt), name = parsed.GetValue(_preset), file = parsed.GetValue(_file);
        var variables = PromptVariables.Parse(parsed.GetValue(_variables) ?? []);
        if (file is not null && (prompt is not null || name is not null))
            throw new UsageException("--template is the whole prompt: give no other beside it.");
        Preset? preset = name is null ? null : config.Find(name) ?? throw new UsageException(
            $"There is no preset '{name}'. There are: {string.Join(", ", config.AllPresets.Select(one => one.Name))}.");
        string text = (preset, prompt) switch
        {
            (null, null) => file is null
                ? throw new UsageException("There is no prompt: write one, or name a preset with -p.")
                : File.ReadAllText(file).TrimEnd('\r', '\n'),
            (null, { } inline) => inline,
            ({ } only, null) => only.Template,
            var (first, then) => $"{first.Template}\n{then}",
        };
        return (Template.Parse(text, variables), preset);
    }
}
