using System.Diagnostics;
using System.Text.Json;
using Sluice.Core.Errors;
using Sluice.Models.Tokenizers;

namespace Sluice.Golden;

/// <summary>Hostile tokenizer files: refused with one line that names the file, or loaded and well-behaved, at once and without large allocations.</summary>
public sealed class BadTokenizerTests
{
    private const long MaxAllocatedBytes = 50_000_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    public static TheoryData<string, string> Files()
    {
        if (!GoldenData.Present)
            return new() { { "control-ok.tokenizer.json", "load" } }; // one case that skips, so that the theory is seen
        using var cases = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("gguf-bad/cases.json")));
        var files = new TheoryData<string, string>();
        foreach (var row in cases.RootElement.GetProperty("cases").EnumerateArray())
            if (row.GetProperty("kind").GetString() == "tokenizer.json")
                files.Add(row.GetProperty("file").GetString()!, row.GetProperty("expect").GetString()!);
        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Json_HostileFile_IsRefusedInOneLineOrBehaves(string file, string expect)
    {
        string path = GoldenData.Require("gguf-bad/" + file);
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var ids = new List<int>();
        var fault = Record.Exception(() =>
        {
            var tokenizer = TokenizerLoader.FromJson(path);
            tokenizer.Encode(new string('a', 40) + "!abc", new EncodeOptions(AddSpecial: true, ParseSpecial: true), ids);
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocatedBytes);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, MaxTime);

        TestContext.Current.TestOutputHelper?.WriteLine(fault?.Message ?? $"loaded, {ids.Count} ids");
        if (fault is null)
        {
            Assert.NotEqual("refuse", expect);
            return;
        }
        Assert.NotEqual("load", expect);
        var refusal = Assert.IsType<ModelFileException>(fault);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Json_ControlFile_EncodesAsItSays()
    {
        var ids = new List<int>();
        TokenizerLoader.FromJson(GoldenData.Require("gguf-bad/control-ok.tokenizer.json")).Encode("abc", default, ids);
        Assert.Equal([2, 3], ids);
    }

    [Fact]
    public void Json_CatastrophicPattern_IsLinearInTheText()
    {
        var tokenizer = TokenizerLoader.FromJson(GoldenData.Require("gguf-bad/regex-bomb.tokenizer.json"));
        var ids = new List<int>();
        var clock = Stopwatch.StartNew();
        tokenizer.Encode(new string('a', 1_000_000) + "!", default, ids);
        Assert.Equal(1_000_000, ids.Count);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }
}
