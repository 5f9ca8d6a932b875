using System.IO.Compression;
using System.Text.Json;

namespace Sluice.Tests.Cli;

/// <summary><c>sluice model …</c> and <c>sluice bench</c>: shapes of what they write.</summary>
public sealed class ModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Inspect_Demo_TellsItsShape()
    {
        var result = await CliProcess.RunAsync("model", "inspect", "--json", "--tensors", "--metadata");
        Assert.Equal((0, ""), (result.Code, result.Error));
        using var json = JsonDocument.Parse(result.Output);
        JsonElement model = json.RootElement;
        Assert.Equal("llama", model.GetProperty("architecture").GetString());
        Assert.Equal((6, 256, 3072), (Number("layers"), Number("width"), Number("vocabulary")));
        Assert.Equal(4328704, Number("parameters"));
        Assert.Equal("yes", model.GetProperty("runs_here").GetString());
        Assert.Contains(model.GetProperty("tensors").EnumerateArray(), tensor => tensor.GetProperty("name").GetString() == "token_embd.weight");
        Assert.Contains(model.GetProperty("metadata").EnumerateArray(), entry => entry.GetProperty("key").GetString() == "general.architecture");

        int Number(string name) => model.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Tokenize_Text_IsTheSameInEveryForm()
    {
        const string text = "Hello world, naïve 日本";
        string file = Write("text.txt", text), lines = Write("text.jsonl", JsonSerializer.Serialize(text) + "\n\n\"\"\n");
        var plain = await CliProcess.RunAsync("model", "tokenize", "demo", "--text", text);
        var json = await CliProcess.RunAsync("model", "tokenize", "demo", "--file", file, "--json");
        var piped = await CliProcess.RunWithInputAsync(text, "model", "tokenize", "demo", "--json");
        var jsonl = await CliProcess.RunAsync("model", "tokenize", "demo", "--jsonl", lines);
        Assert.Matches(@"^\d+( \d+)+\n$", plain.Output);
        Assert.Equal("[" + plain.Output.TrimEnd('\n').Replace(' ', ',') + "]\n", json.Output);
        Assert.Equal(json.Output, piped.Output);
        Assert.Equal(json.Output + "[]\n", jsonl.Output);
    }

    [Fact]
    public async Task Tokenize_LineThatIsNoString_GivesAnErrorInItsPlace()
    {
        var result = await CliProcess.RunWithInputAsync("\"a\"\n{\"b\":1}\nnonsense\n\"\\ud800\"\n\"c\"\n", "model", "tokenize", "demo", "--jsonl", "-");
        Assert.Equal(1, result.Code);
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.All(lines[1..4], line => Assert.StartsWith("{\"error\":\"", line, StringComparison.Ordinal));
        Assert.Matches(@"^\[\d+\]$", lines[4]);
        Assert.Matches(@"^sluice: 3 lines failed", result.Error);
    }

    /// <summary>Against the ids that Hugging Face's library gives for the same file.</summary>
    [Fact]
    public async Task Tokenize_BareFileZippedFileOrFolder_GivesTheReferenceIds()
    {
        JsonElement reference = JsonElement.Parse(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Models", "Tokenizers", "Data", "tokenizers.jsonl")).First());
        string bare = Write("tokenizer.json", reference.GetProperty("tokenizer").GetRawText());
        Write("config.json", "{}");
        string zipped = bare + ".gz";
        await using (var zip = new GZipStream(File.Create(zipped), CompressionLevel.Fastest))
            await zip.WriteAsync(await File.ReadAllBytesAsync(bare, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        string[] cases = [.. reference.GetProperty("cases").EnumerateArray().Select(row => row.GetRawText())];
        string lines = Write("texts.jsonl", string.Concat(cases.Select(row => JsonElement.Parse(row)[0].GetRawText() + "\n")));
        foreach (string model in new[] { bare, zipped, _folder })
        {
            var plain = await CliProcess.RunAsync("model", "tokenize", model, "--jsonl", lines, "--no-special");
            var special = await CliProcess.RunAsync("model", "tokenize", model, "--jsonl", lines);
            Assert.Equal(string.Concat(cases.Select(row => JsonElement.Parse(row)[1].GetRawText() + "\n")), plain.Output);
            Assert.Equal(string.Concat(cases.Select(row => JsonElement.Parse(row)[2].GetRawText() + "\n")), special.Output);
        }
    }

    [Fact]
    public async Task Template_ContinuedMessage_EndsInsideIt()
    {
        const string context = """{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"I am"}],"continue_final_message":true}""";
        var result = await CliProcess.RunAsync("model", "template", "demo", "--messages", Write("continued.json", context));
        Assert.Equal((0, "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nI am"), (result.Code, result.Output));
    }

    [Fact]
    public async Task Template_MessagesOrContext_GivesThePrompt()
    {
        const string turns = """[{"role":"user","content":"Hi"}]""";
        var messages = await CliProcess.RunAsync("model", "template", "demo", "--messages", Write("messages.json", turns));
        var context = await CliProcess.RunAsync("model", "template", "demo", "--messages", Write("context.json", $$"""{"messages":{{turns}}}"""));
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", messages.Output);
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n", context.Output);
    }

    [Fact]
    public async Task Template_BareJinja_SeesTheContextAndTheGivenTime()
    {
        string template = Write("t.jinja", "{{ bos_token }}{{ strftime_now('%Y-%m-%d %H:%M') }}{% if refuse %}{{ raise_exception('no') }}{% endif %}");
        string lines = Write("c.jsonl", "{\"bos_token\":\"<s>\"}\n{\"refuse\":true}\n");
        var result = await CliProcess.RunAsync("model", "template", template, "--jsonl", lines, "--now", "2025-07-10T12:30:00Z");
        string[] answers = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal("\"<s>2025-07-10 12:30\"", answers[0]);
        Assert.StartsWith("{\"error\":\"", answers[1], StringComparison.Ordinal);
        Assert.Equal(1, result.Code);
    }

    [Fact]
    public async Task Logits_Ids_AreOneLinePerPosition()
    {
        var result = await CliProcess.RunAsync("model", "logits", "demo", "--ids", "1,2,3");
        Assert.Equal((0, ""), (result.Code, result.Error));
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            using var json = JsonDocument.Parse(lines[i]);
            Assert.Equal(i, json.RootElement.GetProperty("pos").GetInt32());
            Assert.Equal(3072, json.RootElement.GetProperty("logits").GetArrayLength());
        }
    }

    [Theory]
    [InlineData("3072")]
    [InlineData("1,99999999")]
    public async Task Logits_IdOutsideTheVocabulary_FailsInOneLine(string ids)
    {
        var result = await CliProcess.RunAsync("model", "logits", "demo", "--ids", ids);
        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.Matches(@"^sluice: [^\n]*vocabulary of 3072[^\n]*\n$", result.Error);
    }

    [Fact]
    public async Task Bench_Json_HasTheFiguresOfTheContract()
    {
        var result = await CliProcess.RunAsync("bench", "demo", "-p", "32", "-n", "8", "-b", "1,3", "-r", "1", "-t", "2", "-d", "0,3000", "--json");
        Assert.Equal((0, ""), (result.Code, result.Error));
        using var json = JsonDocument.Parse(result.Output);
        foreach (string name in new[] { "prefill_tps", "decode_tps", "read_bandwidth_gbs", "bandwidth_share" })
            Assert.True(json.RootElement.GetProperty(name).GetDouble() > 0, name);
        Assert.Equal(["1", "3"], json.RootElement.GetProperty("batched_tps").EnumerateObject().Select(property => property.Name));
        var deep = json.RootElement.GetProperty("decode_at_depth").EnumerateArray().ToList();
        Assert.Equal([0, 3000], deep.Select(d => d.GetProperty("depth").GetInt32()));
        Assert.All(deep, d => Assert.True(d.GetProperty("decode_tps").GetDouble() > 0));
        Assert.Equal(3000 * (2 * 6 * 4 * 32 * sizeof(ushort)), deep[1].GetProperty("bytes_per_token").GetInt64() - deep[0].GetProperty("bytes_per_token").GetInt64());
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
