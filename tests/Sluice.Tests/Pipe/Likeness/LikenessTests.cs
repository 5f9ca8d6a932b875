using System.Text;
using Sluice.Pipe.Likeness;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Record = Sluice.Pipe.Records.Record;

namespace Sluice.Tests.Pipe.Likeness;

public sealed class LikenessTests
{
    private const string Long = "the quick brown fox jumps over the lazy dog while the farmer watches from the old wooden gate and smiles";

    [Theory]
    [InlineData("Hello,  World!", "hello world", true)]
    [InlineData("2 + 2", "2 - 2", false)]
    [InlineData("résumé", "RÉSUMÉ", true)]
    public void Normalized_CaseSpaceAndPunctuation_DoNotCount(string one, string other, bool same)
    {
        var likeness = new NormalizedLikeness(exactly: false);
        Assert.Equal(same, likeness.KeyOf(Of(one)) == likeness.KeyOf(Of(other)));
        Assert.NotEqual(new NormalizedLikeness(exactly: true).KeyOf(Of(one)), new NormalizedLikeness(exactly: true).KeyOf(Of(other)));
    }

    [Fact]
    public void Simhash_NearlyTheSameText_IsOfOneKind()
    {
        var likeness = new SimhashLikeness(12);
        var kind = likeness.KeyOf(Of(Long));
        Assert.Equal(kind, likeness.KeyOf(Of(Long.Replace("smiles", "grins", StringComparison.Ordinal))));
        Assert.NotEqual(kind, likeness.KeyOf(Of("an entirely different sentence about tax law in small countries with long coasts")));
    }

    /// <summary>Bands find every pair that comparing all with all would.</summary>
    [Fact]
    public void Simhash_AnyTwoHashesWithinReach_AreFound()
    {
        var random = new Random(6);
        string[] words = [.. Enumerable.Range(0, 30).Select(i => $"w{i}")];
        for (int round = 0; round < 300; round++)
        {
            string one = string.Join(' ', Enumerable.Range(0, 12).Select(_ => words[random.Next(words.Length)]));
            string other = one.Replace(words[random.Next(words.Length)], words[random.Next(words.Length)], StringComparison.Ordinal);
            int apart = System.Numerics.BitOperations.PopCount(SimhashLikeness.Hash(one) ^ SimhashLikeness.Hash(other));
            int bits = random.Next(17);
            var likeness = new SimhashLikeness(bits);
            Assert.Equal(apart <= bits, likeness.KeyOf(Of(one)) == likeness.KeyOf(Of(other)));
        }
    }

    [Fact]
    public async Task Dedupe_RecordsSeenBefore_AreLeftOut()
    {
        using var output = new MemoryStream();
        using var sink = new StreamSink(output, _ => true);
        var run = new DedupeRun(new RecordSettings { Format = RecordFormat.Csv }, null, new NormalizedLikeness(exactly: true));
        await run.RunAsync(new MemoryStream("h\nx\ny\nx\n"u8.ToArray()), sink, TestContext.Current.CancellationToken);
        Assert.Equal("h\nx\ny\n", Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal((3, 2), (run.Read, run.Kept));
    }

    private static Record Of(string text) => new() { Number = 1, Offset = 0, Raw = default, Text = text };
}
