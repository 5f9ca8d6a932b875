using System.Text;
using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Families;

/// <summary>
/// GLM from 4.5 on: <c>&lt;tool_call&gt;f&lt;arg_key&gt;a&lt;/arg_key&gt;&lt;arg_value&gt;…&lt;/arg_value&gt;&lt;/tool_call&gt;</c>.
/// </summary>
internal sealed class GlmFamily : ICallForm
{
    public static readonly CallFamily Family = new(
        "glm", template => template.Contains("<arg_key>", StringComparison.Ordinal), new GlmFamily());

    private const string CallEnd = "</tool_call>", ValueEnd = "</arg_value>";

    public IReadOnlyList<string> Starts { get; } = ["<tool_call>"];

    public IReadOnlyList<string> Closers { get; } = [CallEnd];

    public async ReadTask<bool> ReadAsync(CallReading call, int start)
    {
        var text = call.Text;
        await text.SkipSpaceAsync();
        if (await text.ReadWordAsync(c => c != '<' && !char.IsWhiteSpace(c)) is not { } name || await text.SkipSpaceAsync() != '<')
            return false;
        call.Begin(name);
        var arguments = new ArgumentWriter(call);
        arguments.Open();
        while (await text.TryReadWholeAsync("<arg_key>"))
        {
            if (await text.ReadWordAsync(c => c != '<') is not { } key || !await text.TryReadAsync("</arg_key>")
                || !await text.TryReadAfterSpaceAsync("<arg_value>"))
            {
                break;
            }
            arguments.Key(key.Trim());
            if (!await TryReadValueAsync(call, arguments, call.Tools.Argument(name, key.Trim())))
                return true; // cut off
            await text.SkipSpaceAsync();
        }
        if (await text.Peek() != AnswerText.End)
            arguments.Close();
        return true;
    }

    private static async ReadTask<bool> TryReadValueAsync(CallReading call, ArgumentWriter arguments, ArgumentSchema schema)
    {
        if (schema.Allows("string") && !schema.Allows("null"))
        {
            arguments.Quote();
            if (await Scan.ForAsync(call.Text, [ValueEnd], arguments.Text) == Scan.None)
                return false;
            arguments.Quote();
            return true;
        }
        var value = new StringBuilder();
        if (await Scan.ForAsync(call.Text, [ValueEnd], c => value.Append(c)) == Scan.None)
            return false;
        arguments.Json(schema.ToJson(value.ToString()));
        return true;
    }
}
