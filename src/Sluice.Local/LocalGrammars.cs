using Sluice.Engine.Constraints;
using Sluice.Models.Grammars;
using Sluice.Protocol.Requests;

namespace Sluice.Local;

/// <summary>Compiles what a client says about the form of an answer, on the caller's thread.</summary>
internal static class LocalGrammars
{
    /// <summary>Null where the answer may be any text.</summary>
    /// <exception cref="InvalidRequestException">It does not compile, or asks for what is not supported.</exception>
    public static TokenGrammar? Of(LocalModel model, AnswerFormat? format) => format switch
    {
        null => null,
        AnswerFormat.JsonObject => Compile(model, Grammar.Schema.AnyObject, "response_format"),
        AnswerFormat.JsonSchema schema => Compile(model, new Grammar.Schema(schema.Schema), schema.Field),
        AnswerFormat.Regex regex => Compile(model, new Grammar.Regex(regex.Pattern), regex.Field),
        AnswerFormat.Grammar grammar => Compile(model, new Grammar.Gbnf(grammar.Text), grammar.Field),
        AnswerFormat.Choices choices => Compile(model, new Grammar.Choices(choices.Texts), choices.Field),
        _ => throw new InvalidOperationException($"unknown answer format {format.GetType().Name}"),
    };

    private static TokenGrammar Compile(LocalModel model, Grammar grammar, string field)
    {
        try
        {
            return new TokenGrammar(model.Grammars.Compile(grammar));
        }
        catch (GrammarException mistake)
        {
            throw new InvalidRequestException($"Invalid '{field}': {mistake.Message}.", field, "invalid_value");
        }
    }
}
