using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Families;

/// <summary>
/// GLM from 4.5 on: <c>&lt;tool_call&gt;f&lt;arg_key&gt;a&lt;/arg_key&gt;&lt;arg_value&gt;…&lt;/arg_value&gt;&lt;/tool_call&gt;</c>.
/// </summary>
internal sealed class GlmFamily : ICallForm
{
    public static readonly CallFamily Family = new(
        "glm", template => template.Contains("<arg_key>", StringComparison.Ordinal), new GlmFamily())
    {
        Spelling = new CallSpelling("<tool_call>", "", CallEnd, Next: "\n")
        {
            Arguments = new TaggedArguments("<arg_key>", "</arg_key><arg_value>", "</arg_value>"),
        },
    };

    private const string CallEnd = "</tool_call>";

    private static readonly string[] ValueEnds = ["</arg_value>"];

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
            var schema = call.Tools.Argument(name, key.Trim());
            if (!await arguments.TryCopyAsync(ValueEnds, schema.IsText, schema.ToJson))
                return true; // cut off
            await text.SkipSpaceAsync();
        }
        if (await text.Peek() != AnswerText.End)
            arguments.Close();
        return true;
    }
}
