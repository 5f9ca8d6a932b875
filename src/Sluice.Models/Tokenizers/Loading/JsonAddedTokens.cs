using Sluice.Models.Files;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads added_tokens of a tokenizer.json and enters them into the vocabulary.</summary>
internal static class JsonAddedTokens
{
    public static List<AddedToken> Read(JsonFields root, VocabularyBuilder vocabulary)
    {
        var tokens = new List<AddedToken>();
        foreach (var fields in root.Objects("added_tokens") ?? [])
        {
            string content = fields.RequireString("content");
            long id = fields.RequireInteger("id");
            if (content.Length == 0)
                continue;
            byte[] spelling = System.Text.Encoding.UTF8.GetBytes(content);
            if (id is < 0 or >= Vocabulary.Limit)
                throw fields.Fail("id", $"is {id}, which no token can have");
            if (spelling.Length > AddedTokenMatcher.SpellingLimit)
                throw fields.Fail("content", $"has {spelling.Length} bytes; an added token may have {AddedTokenMatcher.SpellingLimit}");
            if (!vocabulary.Has((int)id))
                vocabulary.Add((int)id, spelling);
            else if (!vocabulary.Spelling((int)id).SequenceEqual(spelling))
                throw fields.Fail("id", $"is {id}, which is another token of the vocabulary");
            bool special = fields.Bool("special") ?? false;
            tokens.Add(new AddedToken(
                (int)id,
                content,
                special,
                fields.Bool("normalized") ?? !special,
                fields.Bool("single_word") ?? false,
                fields.Bool("lstrip") ?? false,
                fields.Bool("rstrip") ?? false));
        }
        return tokens;
    }
}
