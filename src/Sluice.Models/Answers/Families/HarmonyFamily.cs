using System.Text;
using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Families;

/// <summary>
/// OpenAI's gpt-oss. An answer is a row of messages, each with a header that says who speaks, in which channel and to whom:
/// <c>&lt;|start|&gt;assistant&lt;|channel|&gt;commentary to=functions.f&lt;|message|&gt;{…}&lt;|call|&gt;</c>. Thoughts have a channel, a call is a
/// message to a function, and what is said to anybody else is for nobody here.
/// </summary>
internal sealed class HarmonyFamily(AnswerText text, AnswerSink sink, AnswerOptions options)
{
    public const string Name = "harmony";

    /// <summary>How its models write a call, so that an answer can be forced to be one; the end of the answer ends it.</summary>
    public static readonly CallSpelling Spelling = new($"{Channel}commentary to=functions.", $" <|constrain|>json{Message}", "");

    private const string Message = "<|message|>", Channel = "<|channel|>", End = "<|end|>", Start = "<|start|>assistant";

    // A header is a few words; text that comes without one is longer.
    private const int MaxHeader = 256;

    public static readonly string[] Marks = [Message, Channel, End, "<|start|>", "<|call|>", "<|return|>", "<|constrain|>"];

    private static readonly string[] HeaderEnds = [Message, Start];
    private static readonly string[] BodyEnds = [End, "<|call|>", "<|return|>", Start];

    private readonly ToolSet _tools = new(options.Tools);

    public static bool Speaks(string template) =>
        template.Contains(Channel, StringComparison.Ordinal) && template.Contains(Message, StringComparison.Ordinal);

    public async ReadTask<bool> ReadAsync()
    {
        for (; ; )
        {
            var header = new StringBuilder();
            bool isText = false;
            int met = await Scan.ForAsync(text, HeaderEnds, c =>
            {
                header.Append(c);
                isText |= header.Length > MaxHeader;
                if (isText)
                    GiveText(header);
            });
            if (met == Scan.None)
            {
                GiveText(header);
                return true;
            }
            if (met == 0)
                await ReadBodyAsync(header.ToString());
        }
    }

    private void GiveText(StringBuilder said)
    {
        sink.Add(AnswerPartKind.Text, said.ToString());
        said.Clear();
    }

    private async ReadTask<int> ReadBodyAsync(string header)
    {
        string channel = Words(header, Channel).LastOrDefault() ?? "";
        string? recipient = Words(header, "to=").LastOrDefault(name => name != "assistant");
        const string functions = "functions.";
        if (recipient?.StartsWith(functions, StringComparison.Ordinal) == true && _tools.Any)
        {
            var call = new CallReading(text, sink, _tools);
            call.Begin(recipient[functions.Length..]);
            return await JsonScan.CopyAsync(text, call.Write) ? await SkipAsync() : await call.CopyRestAsync(BodyEnds);
        }
        if (recipient is not null)
            return await SkipAsync();
        var kind = channel == "analysis" && !options.ThoughtsInText ? AnswerPartKind.Thought : AnswerPartKind.Text;
        bool marked = channel == "analysis" && options.ThoughtsInText;
        if (marked)
            sink.Add(kind, $"{Channel}{channel}{Message}");
        int met = await Scan.ForAsync(text, BodyEnds, c => sink.Add(kind, c));
        if (marked && met != Scan.None)
            sink.Add(kind, End);
        return met;
    }

    private async ReadTask<int> SkipAsync() => await Scan.ForAsync(text, BodyEnds, static _ => { });

    /// <summary>The words that follow a mark, one for each time it stands in the header.</summary>
    private static IEnumerable<string> Words(string header, string mark) =>
        header.Split(mark).Skip(1).Select(rest => new string([.. rest.TakeWhile(c => !char.IsWhiteSpace(c) && c != '<')]));
}
