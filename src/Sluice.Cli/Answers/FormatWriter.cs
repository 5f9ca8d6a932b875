using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Cli.Answers;

/// <summary>Writes what a request says about the form of its answer, by the names of the wire.</summary>
internal static class FormatWriter
{
    public static void Write(Utf8JsonWriter writer, AnswerFormat? format)
    {
        switch (format)
        {
            case AnswerFormat.JsonSchema schema: writer.WriteString("json_schema", schema.Schema); break;
            case AnswerFormat.Regex regex: writer.WriteString("regex", regex.Pattern); break;
            case AnswerFormat.Grammar grammar: writer.WriteString("grammar", grammar.Text); break;
            case AnswerFormat.Choices choices: SamplingWriter.Texts(writer, "choices", choices.Texts); break;
        }
    }
}
