using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sluice.Core.Errors;
using Sluice.Models.Tokenizers;

namespace Sluice.Tests.Models.Tokenizers;

/// <summary>tokenizer.json files spoilt at random: each is refused in one line that names the file, or loads and encodes and decodes within bounds.</summary>
public sealed class TokenizerFuzzTests
{
    private const int Rounds = 400;
    private const long MaxAllocatedBytes = 200_000_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e999", "99999999999", "0.5", "\"\"", "\"\\ud800\"", "{}", "[]", "[[]]", "\"type\":", "\"vocab\":", "\"merges\":",
        "\"unk_token\":\"?\"", "\"id\":4000000000", "\"(a*)*b\"", "\"[\"", "\"Sequence\"", "\"ByteLevel\"", "\"Unigram\"", "\"Regex\":", "\"content\":\"\"", "\u0000",
    ];

    private static readonly string[] Texts = ["", "Hello world", new string('a', 3000), "日本 😀\uD800 e\u0301 <s>[MASK]\n\n\t  x"];

    private static readonly string[] Files =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Models", "Tokenizers", "Data", "tokenizers.jsonl"))
            .Select(line => JsonElement.Parse(line).GetProperty("tokenizer").GetRawText())];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void FromJson_SpoiltFiles_AreRefusedOrBehave(int seed)
    {
        var random = new Random(seed);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.tokenizer.json");
        int loaded = 0;
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                File.WriteAllText(path, Spoil(Files[random.Next(Files.Length)], random));
                var clock = Stopwatch.StartNew();
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    Use(TokenizerLoader.FromJson(path), random);
                    loaded++;
                }
                catch (ModelFileException refusal)
                {
                    Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
                    Assert.DoesNotContain('\n', refusal.Message);
                }
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocatedBytes);
                Assert.InRange(clock.Elapsed, TimeSpan.Zero, MaxTime);
            }
        }
        finally
        {
            File.Delete(path);
        }

        // Neither so strong that nothing loads nor so weak that nothing breaks.
        Assert.InRange(loaded, Rounds / 20, Rounds * 19 / 20);
    }

    private static void Use(ITokenizer tokenizer, Random random)
    {
        foreach (string text in Texts)
        {
            var ids = new List<int>();
            tokenizer.Encode(text, new EncodeOptions(AddSpecial: random.Next(2) == 0, ParseSpecial: random.Next(2) == 0), ids);
            for (int i = 0; i < 20; i++)
                ids.Add(random.Next(-1, tokenizer.VocabularySize + 1));
            var detokenizer = tokenizer.CreateDetokenizer(showSpecial: random.Next(2) == 0);
            string decoded = string.Concat(ids.Select(detokenizer.Append)) + detokenizer.Flush();
            Assert.Equal(decoded, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(decoded)));
        }
    }

    private static string Spoil(string file, Random random)
    {
        var json = new StringBuilder(file);
        for (int changes = random.Next(1, 3); changes > 0; changes--)
        {
            int at = random.Next(json.Length), length = Math.Min(random.Next(1, 16), json.Length - at);
            switch (random.Next(7))
            {
                case 0:
                    json.Remove(at, length);
                    break;
                case 1:
                    json.Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 2:
                    json[at] = (char)random.Next(32, 127);
                    break;
                case 3 or 4 or 5:
                    ReplaceScalar(json, at, Fragments[random.Next(Fragments.Length)]);
                    break;
                default:
                    int from = random.Next(json.Length);
                    json.Insert(at, json.ToString(from, Math.Min(random.Next(1, 60), json.Length - from)));
                    break;
            }
        }
        return json.ToString();
    }

    /// <summary>Puts something else in the place of the next value, so that the file is often still JSON.</summary>
    private static void ReplaceScalar(StringBuilder json, int from, string value)
    {
        string text = json.ToString();
        int start = text.IndexOf(':', from) + 1;
        int end = start == 0 ? -1 : text.AsSpan(start).IndexOfAny(',', '}', ']') + start;
        if (end > start)
            json.Remove(start, end - start).Insert(start, value);
    }
}
