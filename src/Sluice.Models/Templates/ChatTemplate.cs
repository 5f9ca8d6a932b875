using System.Text.Json;
using Sluice.Models.Templates.Builtins;
using Sluice.Models.Templates.Statements;
using Sluice.Models.Templates.Syntax;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates;

/// <summary>
/// A chat template in Jinja, compiled once and rendered for each conversation. It gives the text that jinja2 3.1 gives in the sandbox of
/// Hugging Face's transformers. Immutable and safe to use from many threads.
/// </summary>
public sealed class ChatTemplate
{
    private readonly TemplateSource _source;
    private readonly TemplateOptions _options;
    private readonly Block _body;
    private readonly string[] _names;

    private ChatTemplate(TemplateSource source, TemplateOptions options, Block body, string[] names) =>
        (_source, _options, _body, _names) = (source, options, body, names);

    /// <exception cref="TemplateException">The source is no template of the language, or exceeds a limit.</exception>
    public static ChatTemplate Compile(string source, TemplateOptions? options = null)
    {
        options ??= TemplateOptions.Default;
        if (source.Length > options.MaxSourceCharacters)
        {
            string problem = $"the source is longer than {options.MaxSourceCharacters} characters (limit MaxSourceCharacters)";
            throw new TemplateException(problem, 0, 0);
        }
        var text = new TemplateSource(source);
        var state = new ParserState(text, options);
        Block body = StatementParser.Parse(state);
        return new ChatTemplate(text, options, body, [.. state.Names]);
    }

    /// <param name="variables">A JSON object: its keys become the template's variables.</param>
    /// <param name="clock">What strftime_now tells.</param>
    /// <exception cref="TemplateException">The template fails or refuses on these variables, or exceeds a limit.</exception>
    public string Render(JsonElement variables, TimeProvider? clock = null) => Render(TemplateContext.From(variables, clock));

    /// <exception cref="TemplateException">The template fails or refuses on this context, or exceeds a limit.</exception>
    public string Render(TemplateContext context)
    {
        var globals = new Value?[_names.Length];
        for (int i = 0; i < globals.Length; i++)
            globals[i] = context.Find(_names[i]) ?? Globals.Find(_names[i]);
        using var rendering = new Rendering(_options, globals, _names, context.Clock);
        try
        {
            _body.Execute(rendering);
            return rendering.Output.Cut(0);
        }
        catch (TemplateFault fault)
        {
            throw _source.Error(rendering.At, fault.Message, fault.RaisedByTemplate);
        }
        catch (InsufficientExecutionStackException)
        {
            throw _source.Error(rendering.At, "values or calls nest deeper than this thread's stack");
        }
    }
}
