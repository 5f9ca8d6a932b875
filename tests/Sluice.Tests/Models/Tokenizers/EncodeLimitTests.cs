using System.Diagnostics;
using System.Text;
using Sluice.Models.Tokenizers;

namespace Sluice.Tests.Models.Tokenizers;

/// <summary>Texts that are too long, and texts made to be slow.</summary>
public sealed class EncodeLimitTests
{
    private static readonly ITokenizer Demo = DemoTokenizer.Open();

    [Theory]
    [InlineData("The quick brown fox jumps over the lazy dog.")]
    [InlineData("<|im_start|>user\nHi<|im_end|>\n<|im_start|>")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("日本語 😀👩‍👩‍👧")]
    [InlineData("")]
    public void TryEncode_EveryLimit_HoldsExactlyFromTheCountOn(string text)
    {
        var whole = new List<int>();
        Demo.Encode(text, EncodeOptions.Prompt, whole);
        for (int most = 0; most < whole.Count + 3; most++)
        {
            var ids = new List<int>();
            bool fits = Demo.TryEncode(text, EncodeOptions.Prompt, most, ids);
            Assert.Equal((most, whole.Count <= most), (most, fits));
            if (fits)
                Assert.Equal(whole, ids);
        }
    }

    [Theory]
    [InlineData("word ")]
    [InlineData("a")]
    [InlineData("<|im_end|>")]
    [InlineData("😀")]
    public void TryEncode_TwentyMegabytes_GivesUpAtOnce(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, 20_000_000 / Encoding.UTF8.GetByteCount(unit)));
        var ids = new List<int>();
        var clock = Stopwatch.StartNew();
        Assert.False(Demo.TryEncode(text, EncodeOptions.Prompt, 4096, ids));
        Assert.InRange(ids.Count, 0, 8192);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    /// <summary>One word, one character, and a word whose merges reach over it again and again: quadratic work on these would take hours.</summary>
    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("the")]
    [InlineData("😀")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("e\u0301")]
    [InlineData("<|im_")]
    public void Encode_OneMegabyteOfOneThing_StaysLinear(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        var clock = Stopwatch.StartNew();
        List<int> ids = DemoTokenizer.Encode(Demo, text);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        var detokenizer = Demo.CreateDetokenizer(showSpecial: true);
        Assert.Equal(text, string.Concat(ids.Select(detokenizer.Append)) + detokenizer.Flush());
    }

    [Fact]
    public void Encode_WarmedUp_AllocatesNothingPerToken()
    {
        string text = string.Concat(Enumerable.Range(0, 4000).Select(i => $"Word{i} and 日本 {i * 7919} naïve, \"quoted\" text\n"));
        var ids = new List<int>(text.Length);
        Demo.Encode(text, default, ids);
        int tokens = ids.Count;
        ids.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Demo.Encode(text, default, ids);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(tokens > 50_000);
        Assert.InRange(allocated, 0, 1024);
    }
}
