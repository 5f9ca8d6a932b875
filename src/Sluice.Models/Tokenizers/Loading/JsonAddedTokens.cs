using System.Buffers;
using System.Text;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Normalizers;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads added_tokens of a tokenizer.json and enters them into the vocabulary.</summary>
internal static class JsonAddedTokens
{
    /// <param name="normalizer">What is done to texts, and so to those tokens that are looked for afterwards.</param>
    public static List<AddedToken> Read(JsonFields root, VocabularyBuilder vocabulary, INormalizer? normalizer)
    {
        var tokens = new List<AddedToken>();
        foreach (var fields in root.Objects("added_tokens") ?? [])
            if (ReadOne(fields, fields.RequireInteger("id"), vocabulary, normalizer) is { } token)
                tokens.Add(token);
        return tokens;
    }

    /// <summary>Reads one added token; null for one without a spelling, which can never be found.</summary>
    public static AddedToken? ReadOne(JsonFields fields, long id, VocabularyBuilder vocabulary, INormalizer? normalizer)
    {
        string content = fields.RequireString("content");
        if (content.Length == 0)
            return null;
        byte[] spelling = Encoding.UTF8.GetBytes(content);
        if (id is < 0 or >= Vocabulary.Limit)
            throw fields.Fail("id", $"is {id}, which no token can have");
        if (spelling.Length > AddedTokenMatcher.SpellingLimit)
            throw fields.Fail("content", $"has {spelling.Length} bytes; an added token may have {AddedTokenMatcher.SpellingLimit}");
        if (!vocabulary.Has((int)id))
            vocabulary.Add((int)id, spelling);
        else if (!vocabulary.Spelling((int)id).SequenceEqual(spelling))
            throw fields.Fail("id", $"is {id}, which is another token of the vocabulary");
        bool special = fields.Bool("special") ?? false, normalized = fields.Bool("normalized") ?? !special;
        return new AddedToken(
            (int)id,
            normalized && normalizer is not null ? Normalize(spelling, normalizer) : content,
            special,
            normalized,
            fields.Bool("single_word") ?? false,
            fields.Bool("lstrip") ?? false,
            fields.Bool("rstrip") ?? false);
    }

    private static string Normalize(byte[] spelling, INormalizer normalizer)
    {
        var target = new ArrayBufferWriter<byte>();
        normalizer.Normalize(spelling, target, new EncodeScratch());
        return Encoding.UTF8.GetString(target.WrittenSpan);
    }
}
