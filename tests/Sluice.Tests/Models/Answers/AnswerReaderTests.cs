using System.Text;
using System.Text.Json;
using Sluice.Models.Answers;

namespace Sluice.Tests.Models.Answers;

/// <summary>What holds for every format, on text that no model would write.</summary>
public sealed class AnswerReaderTests
{
    private static readonly JsonElement Tools = JsonElement.Parse("""
        [{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{
          "a":{"type":"string"},"n":{"type":"integer"},"o":{"type":"object"},"l":{"type":"array","items":{"type":"string"}}}}}}]
        """);

    private static readonly string[] Scraps =
    [
        "f", "a", "n", "o", ":", "0", "{", "}", "[", "]", "(", ")", "=", ",", "\"", "'", "\\", "\n", "\n\n", " ", "<", ">", "</", "|", "x", "é", "🦊",
        "{\"name\": \"f\", \"arguments\": {\"a\": \"b\"}}", "{\"name\":\"f\",\"parameters\":{\"n\":1}}", "{\"f\": {}}", "call:f{a:1}", "f(a=1)",
        "<function=f>", "<function name=\"f\">", "<parameter=a>", "<param name=\"a\">", "</parameter>", "</param>", "</function>", "<arg_key>a</arg_key>",
        "<arg_value>", "</arg_value>", "<｜DSML｜invoke name=\"f\">", "<｜DSML｜parameter name=\"a\" string=\"true\">", "</｜DSML｜parameter>",
        "</｜DSML｜invoke>", "]<]minimax[>[<invoke name=\"f\">", "]<]minimax[>[<o>", "]<]minimax[>[</o>", "]<]minimax[>[<item>",
        "]<]minimax[>[</invoke>", "functions.f:0", " to=functions.f", "analysis", "final", "```json\n", "```", "<![CDATA[", "]]>",
    ];

    public static TheoryData<string> Formats => [.. AnswerFormat.Names];

    /// <summary>Without harmony, whose text stands between marks and is never the text itself.</summary>
    public static TheoryData<string> FormatsOfBareText => [.. AnswerFormat.Names.Where(name => name != "harmony")];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Append_AnyPieces_GiveWhatTheWholeTextGives(string name)
    {
        var format = AnswerFormat.Named(name, "<think></think>")!;
        string[] scraps = [.. Scraps, .. format.Marks, .. format.Marks];
        var random = new Random(17);
        for (int round = 0; round < 400; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => scraps[random.Next(scraps.Length)]));
            var options = new AnswerOptions
            {
                Tools = random.Next(5) == 0 ? null : Tools,
                ParallelCalls = random.Next(3) > 0,
                ThoughtsInText = random.Next(3) == 0,
                JsonText = random.Next(8) == 0,
            };
            bool cut = random.Next(2) == 0;

            string whole = Read(format, options, [text], cut), pieces = Read(format, options, Cut(text, random), cut);

            Assert.True(whole == pieces, $"{name}, {options}: {JsonSerializer.Serialize(text)}\nwhole  {whole}\npieces {pieces}");
        }
    }

    [Theory]
    [MemberData(nameof(FormatsOfBareText))]
    public void Append_NoToolsAndThoughtsInText_IsTheTextItself(string name)
    {
        var format = AnswerFormat.Named(name, "<think></think>")!;
        string[] scraps = [.. Scraps, .. format.Marks];
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => scraps[random.Next(scraps.Length)]));

            var reader = format.CreateReader(new AnswerOptions { ThoughtsInText = true });
            var parts = Cut(text, random).SelectMany(reader.Append).ToList();
            parts.AddRange(reader.Finish(cut: false));

            Assert.All(parts, part => Assert.Equal(AnswerPartKind.Text, part.Kind));
            Assert.Equal(text, string.Concat(parts.Select(part => part.Text)));
        }
    }

    /// <summary>Text flows through: what is held back is never more than a mark and the white space before it.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Append_LongText_HoldsLittleBack(string name)
    {
        const int most = 4096 + 256;
        var format = AnswerFormat.Named(name, "<think></think>")!;
        var reader = format.CreateReader(new AnswerOptions { Tools = Tools });
        string[] scraps = ["<", "tool", "_call", " ", "\n", "word ", "{", "[", "\"name\"", "]", ">"];
        var random = new Random(3);
        int given = 0, taken = 0;
        for (int i = 0; i < 50_000; i++)
        {
            string piece = scraps[random.Next(scraps.Length)];
            given += piece.Length;
            taken += reader.Append(piece).Sum(part => part.Text.Length);
            Assert.True(given - taken <= most, $"{name} holds {given - taken} of {given} characters back");
        }
    }

    /// <summary>A start of a call in every word must not make each a search through all that follows.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Append_StartsWithoutEnd_TakesLinearTime(string name)
    {
        var format = AnswerFormat.Named(name, "<think></think>")!;
        string text = string.Concat(Enumerable.Repeat(string.Concat(format.Marks) + "{\"name\": \"f\", \"x\": [", 4000));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Read(format, new AnswerOptions { Tools = Tools }, [text], cut: false);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{name}: {watch.Elapsed} for {text.Length} characters");
    }

    /// <summary>Nesting without end must not end the process.</summary>
    [Theory]
    [InlineData("hermes", "<tool_call>{\"name\":\"f\",\"arguments\":", "{\"a\":")]
    [InlineData("hermes", "<tool_call>", "[")]
    [InlineData("lfm2", "<|tool_call_start|>[f(a=", "[")]
    [InlineData("lfm2", "<|tool_call_start|>[f(a=", "{\"a\":")]
    [InlineData("gemma4", "<|tool_call>call:f", "{a:")]
    [InlineData("minimax-m3", "]<]minimax[>[<tool_call>]<]minimax[>[<invoke name=\"f\">", "]<]minimax[>[<o>")]
    public void Append_DeepNesting_IsRead(string name, string start, string level)
    {
        var reader = AnswerFormat.Named(name, "")!.CreateReader(new AnswerOptions { Tools = Tools });
        var all = new StringBuilder();
        foreach (string piece in Enumerable.Repeat(level, 100_000).Prepend(start))
            all.AppendJoin("", reader.Append(piece).Select(part => part.Text));
        all.AppendJoin("", reader.Finish(cut: true).Select(part => part.Text));

        Assert.NotEqual(0, all.Length);
    }

    private static IEnumerable<string> Cut(string text, Random random)
    {
        for (int at = 0; at < text.Length;)
        {
            int length = Math.Min(text.Length - at, random.Next(4) == 0 ? random.Next(1, 30) : random.Next(1, 4));
            yield return text.Substring(at, length);
            at += length;
        }
    }

    /// <summary>All parts, neighbours of one kind put together.</summary>
    private static string Read(AnswerFormat format, AnswerOptions options, IEnumerable<string> pieces, bool cut)
    {
        var reader = format.CreateReader(options);
        var shown = new StringBuilder();
        AnswerPartKind? last = null;
        foreach (var part in pieces.SelectMany(reader.Append).Concat(Enumerable.Range(0, 1).SelectMany(_ => reader.Finish(cut))))
        {
            if (part.Kind != last || part.Kind == AnswerPartKind.Call)
                shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n{part.Kind} {part.Id}: ");
            shown.Append(part.Text);
            last = part.Kind;
        }
        return shown.ToString();
    }
}
