namespace Sluice.Models.Tokenizers;

/// <summary>Tokens with a role, as the vocabulary names them; null where it names none.</summary>
/// <param name="EndOfGeneration">Every token that ends an answer (EOS, end of turn, end of text).</param>
public sealed record SpecialTokens(int? Bos, int? Eos, int? Unknown, int? Pad, bool AddBos, bool AddEos, IReadOnlySet<int> EndOfGeneration);
