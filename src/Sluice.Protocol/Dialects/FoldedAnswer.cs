using System.Text;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// The events of a stream folded into one answer: per choice its text, its thoughts, its calls, how likely it was, and why it ended.
/// </summary>
internal sealed class FoldedAnswer(int choices)
{
    private readonly StringBuilder?[] _texts = new StringBuilder?[choices];
    private readonly StringBuilder?[] _reasonings = new StringBuilder?[choices];
    private readonly SortedList<int, FoldedToolCall>?[] _calls = new SortedList<int, FoldedToolCall>?[choices];
    private readonly string?[] _finishReasons = new string?[choices];
    private readonly List<TokenLogprob>?[] _logprobs = new List<TokenLogprob>?[choices];

    public int Choices => _texts.Length;

    public Usage? Usage { get; private set; }

    public void Add(in CompletionEvent e)
    {
        if (e.Text.Length > 0)
            (_texts[e.Choice] ??= new StringBuilder()).Append(e.Text);
        if (e.Reasoning.Length > 0)
            (_reasonings[e.Choice] ??= new StringBuilder()).Append(e.Reasoning);
        foreach (var delta in e.ToolCalls ?? [])
            AddCall(_calls[e.Choice] ??= [], delta);
        if (e.Logprobs is not null)
            (_logprobs[e.Choice] ??= []).AddRange(e.Logprobs);
        _finishReasons[e.Choice] = e.FinishReason ?? _finishReasons[e.Choice];
        Usage = e.Usage ?? Usage;
    }

    public string TextOf(int choice) => _texts[choice]?.ToString() ?? "";

    public string ReasoningOf(int choice) => _reasonings[choice]?.ToString() ?? "";

    /// <summary>In the order of their index.</summary>
    public IReadOnlyList<FoldedToolCall> ToolCallsOf(int choice) => [.. _calls[choice]?.Values ?? Enumerable.Empty<FoldedToolCall>()];

    /// <summary>Null where no event of the choice had any.</summary>
    public IReadOnlyList<TokenLogprob>? LogprobsOf(int choice) => _logprobs[choice];

    public string? FinishReasonOf(int choice) => _finishReasons[choice];

    private static void AddCall(SortedList<int, FoldedToolCall> calls, ToolCallDelta delta)
    {
        if (calls.TryGetValue(delta.Index, out var call))
            call.Add(delta.Arguments);
        else
            calls[delta.Index] = new FoldedToolCall(delta);
    }
}
