using Sluice.Models.Tokenizers;

namespace Sluice.Tests.Models.Tokenizers;

public sealed class TokenizerThreadTests
{
    [Fact]
    public async Task Encode_ManyThreads_EachGetsItsOwnIds()
    {
        ITokenizer tokenizer = DemoTokenizer.Open();
        string[] texts = [.. Enumerable.Range(0, 64).Select(i => string.Concat(Enumerable.Repeat($"text {i} 日本{(char)('a' + i % 26)} <|im_end|> ", 1 + i)))];
        // The expectation comes from a tokenizer of its own, so that nothing is warm when the threads begin.
        ITokenizer alone = DemoTokenizer.Open();
        int[][] expected = [.. texts.Select(text => DemoTokenizer.Encode(alone, text).ToArray())];

        Task[] workers = [.. Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (int round = 0; round < 400; round++)
            {
                int which = random.Next(texts.Length);
                int[] ids = [.. DemoTokenizer.Encode(tokenizer, texts[which])];
                Assert.Equal(expected[which], ids);
                var detokenizer = tokenizer.CreateDetokenizer(showSpecial: true);
                Assert.Equal(texts[which], string.Concat(ids.Select(detokenizer.Append)) + detokenizer.Flush());
                Assert.Equal(alone.Bytes(ids[0]).ToArray(), tokenizer.Bytes(ids[0]).ToArray());
            }
        }, TestContext.Current.CancellationToken))];
        await Task.WhenAll(workers);
    }
}
