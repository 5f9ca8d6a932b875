namespace Sluice.Models.Tokenizers;

/// <summary>Tokens that end an answer by their name: models seldom list them all, so every engine keeps such a list (this one is llama.cpp's).</summary>
internal static class EndOfGeneration
{
    private static readonly string[] Names =
    [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "</s>",
        "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>",
        "<｜end▁of▁sentence｜>",

        // Those between files, which a model that fills in code puts out when it is done.
        "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]", "<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>",
        "<|file_sep|>",
    ];

    /// <summary>The tokens of that kind in a vocabulary, and those in <paramref name="given"/>.</summary>
    /// <param name="isToken">Whether an id found by name is set apart from plain text, so that it can be what the name says.</param>
    public static HashSet<int> Collect(Vocabulary vocabulary, IEnumerable<int> given, Func<int, bool> isToken)
    {
        var ids = new HashSet<int>();
        foreach (int id in given)
            if (id >= 0 && id < vocabulary.Count)
                ids.Add(id);
        foreach (string name in Names)
            if (vocabulary.Find(name) is var id and >= 0 && isToken(id))
                ids.Add(id);
        // Where an answer has channels, <|end|> ends one of them and not the answer (gpt-oss, solar-open).
        if ((Has("<|return|>") && Has("<|call|>")) || (Has("<|calls|>") && Has("<|flush|>")))
            ids.Remove(vocabulary.Find("<|end|>"));
        // gemma 4 keeps an </s> that means nothing.
        if (Has("<|tool_response>"))
            ids.Remove(vocabulary.Find("</s>"));
        return ids;

        bool Has(string name) => vocabulary.Find(name) is var id and >= 0 && ids.Contains(id);
    }

    /// <summary>Whether a token ends an answer by its name.</summary>
    public static bool IsNamed(Vocabulary vocabulary, int id) => Array.IndexOf(Names, vocabulary.Text(id)) >= 0;
}
