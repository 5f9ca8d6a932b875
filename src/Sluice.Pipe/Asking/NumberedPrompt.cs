using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Pipe.Shapes;

namespace Sluice.Pipe.Asking;

/// <summary>
/// Words several questions as one. Their texts are members of a JSON object, so that none can be taken for the beginning of the next.
/// </summary>
internal static class NumberedPrompt
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="questions">With the same instruction, or all with none.</param>
    /// <returns>The system's message, null for none, and the user's.</returns>
    public static (string? System, string User) Write(IReadOnlyList<Question> questions)
    {
        string last = NumberedShape.NameOf(questions.Count - 1), texts = Texts(questions);
        return questions[0].Instruction is { } instruction
            ? ($"{instruction}\nThe message is a JSON object with {last} texts, named \"1\" to \"{last}\". " +
                "Do this for each of them on its own. " +
                "Answer with a JSON object that has the result of each text under the text's name.", texts)
            : (null, $"This is a JSON object with {last} requests, named \"1\" to \"{last}\". Answer each of them on its own, " +
                $"with a JSON object that has the answer to each request under the request's name.\n{texts}");
    }

    private static string Texts(IReadOnlyList<Question> questions)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Options))
        {
            writer.WriteStartObject();
            for (int i = 0; i < questions.Count; i++)
                writer.WriteString(NumberedShape.NameOf(i), questions[i].Text);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }
}
