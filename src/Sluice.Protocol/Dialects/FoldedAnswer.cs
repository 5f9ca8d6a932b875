using System.Text;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>The events of a stream folded into one answer: per choice its text, how likely that was, and why it ended.</summary>
internal sealed class FoldedAnswer(int choices)
{
    private readonly StringBuilder?[] _texts = new StringBuilder?[choices];
    private readonly string?[] _finishReasons = new string?[choices];
    private readonly List<TokenLogprob>?[] _logprobs = new List<TokenLogprob>?[choices];

    public int Choices => _texts.Length;

    public Usage? Usage { get; private set; }

    public void Add(in CompletionEvent e)
    {
        if (e.Text.Length > 0)
            (_texts[e.Choice] ??= new StringBuilder()).Append(e.Text);
        if (e.Logprobs is not null)
            (_logprobs[e.Choice] ??= []).AddRange(e.Logprobs);
        _finishReasons[e.Choice] = e.FinishReason ?? _finishReasons[e.Choice];
        Usage = e.Usage ?? Usage;
    }

    public string TextOf(int choice) => _texts[choice]?.ToString() ?? "";

    /// <summary>Null where no event of the choice had any.</summary>
    public IReadOnlyList<TokenLogprob>? LogprobsOf(int choice) => _logprobs[choice];

    public string? FinishReasonOf(int choice) => _finishReasons[choice];
}
