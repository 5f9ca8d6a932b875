using Sluice.Models.Tokenizers;

namespace Sluice.Models.Templates;

/// <summary>The variables by which templates know a model's special tokens.</summary>
public static class SpecialTokenVariables
{
    /// <summary>Spelling by variable: bos_token, eos_token and so on; roles that the vocabulary does not name are left out.</summary>
    public static IReadOnlyDictionary<string, string> Of(ITokenizer tokenizer)
    {
        var spellings = new Dictionary<string, string>();
        Add("bos_token", tokenizer.Special.Bos);
        Add("eos_token", tokenizer.Special.Eos);
        Add("unk_token", tokenizer.Special.Unknown);
        Add("pad_token", tokenizer.Special.Pad);
        return spellings;

        void Add(string name, int? id)
        {
            if (id is { } token)
                spellings[name] = tokenizer.Spelling(token);
        }
    }
}
