using System.Text.Json;
using Sluice.Models.Files;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads from tokenizer_config.json which tokens have a role.</summary>
internal static class JsonSpecialTokens
{
    public static SpecialTokens Read(JsonFields? config, Vocabulary vocabulary, IReadOnlyList<AddedToken> added)
    {
        int? eos = Token(config, "eos_token", vocabulary);
        var addedIds = added.Select(token => token.Id).ToHashSet();
        return new SpecialTokens(
            Token(config, "bos_token", vocabulary),
            eos,
            Token(config, "unk_token", vocabulary),
            Token(config, "pad_token", vocabulary),
            AddBos: false,
            AddEos: false,
            EndOfGeneration.Collect(vocabulary, [eos], addedIds.Contains));
    }

    /// <summary>A token by its role, written as a string or as an added token with its content.</summary>
    private static int? Token(JsonFields? config, string role, Vocabulary vocabulary)
    {
        string? spelling = config?.Kind(role) switch
        {
            JsonValueKind.String => config.String(role),
            JsonValueKind.Object => config.Object(role)!.String("content"),
            _ => null,
        };
        return spelling is not null && vocabulary.Find(spelling) is var id and >= 0 ? id : null;
    }
}
