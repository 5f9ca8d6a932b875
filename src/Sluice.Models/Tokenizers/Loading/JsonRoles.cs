using System.Globalization;
using System.Text.Json;
using Sluice.Models.Files;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Which tokens have a role, as the files beside a tokenizer.json say: that file itself does not.</summary>
/// <param name="Tokenizer">tokenizer_config.json, which names tokens.</param>
/// <param name="Models">generation_config.json and config.json, which give ids.</param>
internal sealed record JsonRoles(JsonFields? Tokenizer, IReadOnlyList<JsonFields> Models)
{
    /// <summary>Ids that end an answer; they may lie outside the vocabulary.</summary>
    public List<int> EndIds()
    {
        var ids = new List<int>();
        foreach (var model in Models)
            ids.AddRange(model.Integers("eos_token_id") ?? []);
        return ids;
    }

    /// <summary>Tokens that tokenizer_config.json adds; those that are new go into the vocabulary.</summary>
    public IEnumerable<AddedToken> ExtraTokens(VocabularyBuilder vocabulary)
    {
        if (Tokenizer?.Object("added_tokens_decoder") is not { } tokens)
            yield break;
        foreach (string name in tokens.Names)
        {
            var fields = tokens.RequireObject(name);
            if (!long.TryParse(name, CultureInfo.InvariantCulture, out long id))
                throw tokens.Fail(name, "is no id");
            if (JsonAddedTokens.ReadOne(fields, id, vocabulary, null) is { } token)
                yield return token;
        }
    }

    public SpecialTokens Resolve(Vocabulary vocabulary, IReadOnlyList<AddedToken> added, int[] prefix, int[] suffix)
    {
        var addedIds = new HashSet<int>();
        var special = new HashSet<int>();
        foreach (var token in added)
        {
            addedIds.Add(token.Id);
            if (token.Special)
                special.Add(token.Id);
        }
        var ends = EndIds();
        int? bos = Named("bos_token", vocabulary) ?? Id("bos_token_id", vocabulary) ?? (prefix is [var only] && special.Contains(only) ? only : null);
        int? eos = Named("eos_token", vocabulary) ?? (ends.Count > 0 && ends[0] >= 0 && ends[0] < vocabulary.Count ? ends[0] : null);
        if (eos is { } end)
            ends.Add(end);
        return new SpecialTokens(
            bos,
            eos,
            Named("unk_token", vocabulary),
            Named("pad_token", vocabulary) ?? Id("pad_token_id", vocabulary),
            AddBos: bos is { } first && Array.IndexOf(prefix, first) >= 0,
            AddEos: eos is { } last && Array.IndexOf(suffix, last) >= 0,
            EndOfGeneration.Collect(vocabulary, ends, addedIds.Contains));
    }

    /// <summary>A token by its role, written as a string or as an added token with its content.</summary>
    public int? Named(string role, Vocabulary vocabulary)
    {
        string? spelling = Tokenizer?.Kind(role) switch
        {
            JsonValueKind.String => Tokenizer.String(role),
            JsonValueKind.Object => Tokenizer.Object(role)!.String("content"),
            _ => null,
        };
        return spelling is not null && vocabulary.Find(spelling) is var id and >= 0 ? id : null;
    }

    private int? Id(string role, Vocabulary vocabulary)
    {
        foreach (var model in Models)
            if (model.Integers(role) is [var id, ..] && id >= 0 && id < vocabulary.Count)
                return id;
        return null;
    }
}
