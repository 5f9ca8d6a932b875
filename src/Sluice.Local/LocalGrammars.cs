using Sluice.Engine.Constraints;
using Sluice.Models.Grammars;
using Sluice.Protocol.Requests;

namespace Sluice.Local;

/// <summary>Compiles what a client says about the form of an answer, on the caller's thread.</summary>
internal static class LocalGrammars
{
    /// <summary>Null where the answer may be any text.</summary>
    /// <exception cref="InvalidRequestException">It does not compile, or asks for what is not supported.</exception>
    public static TokenGrammar? Of(LocalModel model, CompletionRequest view)
    {
        var text = FormOf(view.Format);
        bool mustCall = view.ToolChoice.Mode == ToolChoiceMode.Required;
        if (view.Tools is not { } tools || view.ToolChoice.Mode == ToolChoiceMode.None || (text is null && !mustCall))
            return text is null ? null : Compile(model, text.Value.Grammar, text.Value.Field);
        var calls = Checked("tools", () =>
            model.Answers.Format.CallsOf(tools, view.ToolChoice.Name, view.ParallelToolCalls, strict: mustCall));
        if (mustCall)
        {
            return Compile(model, calls ?? throw new InvalidRequestException(
                $"'tool_choice' cannot force a call of '{model.Name}' (answer format '{model.Answers.Format.Name}'); " +
                "only \"auto\" and \"none\" are accepted", "tool_choice", "unsupported_value"), "tools");
        }
        // A form for its text does not keep a model from calling tools instead.
        return Compile(model, calls is null ? text!.Value.Grammar : new Grammar.Either([text!.Value.Grammar, calls]), text.Value.Field);
    }

    private static (Grammar Grammar, string Field)? FormOf(AnswerFormat? format) => format switch
    {
        null => null,
        AnswerFormat.JsonObject => (Grammar.Schema.AnyObject, "response_format"),
        AnswerFormat.JsonSchema schema => (new Grammar.Schema(schema.Schema), schema.Field),
        AnswerFormat.Regex regex => (new Grammar.Regex(regex.Pattern), regex.Field),
        AnswerFormat.Grammar grammar => (new Grammar.Gbnf(grammar.Text), grammar.Field),
        AnswerFormat.Choices choices => (new Grammar.Choices(choices.Texts), choices.Field),
        _ => throw new InvalidOperationException($"unknown answer format {format.GetType().Name}"),
    };

    private static TokenGrammar Compile(LocalModel model, Grammar grammar, string field) =>
        Checked(field, () => new TokenGrammar(model.Grammars.Compile(grammar)));

    private static T Checked<T>(string field, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (GrammarException mistake)
        {
            throw new InvalidRequestException($"Invalid '{field}': {mistake.Message}.", field, "invalid_value");
        }
    }
}
