using System.Text.Json;
using Sluice.Models.Tokenizers;

namespace Sluice.Tests.Models.Tokenizers;

/// <summary>Models of SentencePiece's own format, against the ids its own code gives. Data/generate-sentencepiece.cjs wrote the data.</summary>
public sealed class SentencePieceReferenceTests
{
    public static TheoryData<string> Models => [.. Rows().Select(row => row.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Encode_OwnModel_GivesTheReferenceIds(string name)
    {
        var row = Rows().Single(row => row.GetProperty("name").GetString() == name);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.model");
        File.WriteAllBytes(path, row.GetProperty("model").GetBytesFromBase64());
        try
        {
            var tokenizer = TokenizerLoader.FromSentencePiece(path);
            foreach (var one in row.GetProperty("cases").EnumerateArray())
            {
                var ids = new List<int>();
                tokenizer.Encode(one[0].GetString(), new EncodeOptions(AddSpecial: false, ParseSpecial: false), ids);
                Assert.True(one[1].EnumerateArray().Select(id => id.GetInt32()).SequenceEqual(ids), $"{one}: got {string.Join(',', ids)}");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<JsonElement> Rows() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Models", "Tokenizers", "Data", "sentencepiece.jsonl")).Select(line => JsonElement.Parse(line));
}
