using Sluice.Engine.Requests;
using Sluice.Engine.Text;
using Sluice.Models.Answers;
using Sluice.Protocol.Sources;

namespace Sluice.Local.Answers;

/// <summary>
/// One answer on its way from text to events: thoughts, text and calls told apart where it answers a conversation, plain text otherwise.
/// For one thread.
/// </summary>
internal sealed class LocalAnswer
{
    private readonly ChatReading? _reading;
    private readonly AnswerReader? _reader;
    private bool _begun;
    private int _calls;

    /// <param name="reading">Null for text that stays as it is.</param>
    public LocalAnswer(ChatReading? reading)
    {
        _reading = reading;
        _reader = reading?.Format.Format.CreateReader(reading.Options, reading.Opening);
    }

    /// <summary>Whether nothing that comes can be part of it any more, so that its generation may end.</summary>
    public bool IsComplete => _reader?.IsComplete == true;

    /// <summary>Why it ended, in the words of the contract.</summary>
    /// <exception cref="SourceException">It is worth nothing: the model failed or shut down.</exception>
    /// <exception cref="OperationCanceledException">Its reader did not want it any more.</exception>
    public string FinishOf(FinishReason reason, Exception? fault)
    {
        string finish = IsComplete && reason == FinishReason.Aborted ? "stop" : LocalFaults.FinishOf(reason, fault);
        return finish == "stop" && _reader?.HasCalls == true ? "tool_calls" : finish;
    }

    /// <summary>The events of a piece of text; none where nothing of it is certain yet.</summary>
    /// <param name="choice">Which choice it is.</param>
    public IEnumerable<CompletionEvent> Read(int choice, TextEvent e, IReadOnlyList<TokenLogprob>? logprobs)
    {
        if (_reader is null)
        {
            bool says = e.Text.Length > 0 || e.Finish is not null || logprobs is not null;
            return says ? [Finished(new CompletionEvent(choice, e.Text, Logprobs: logprobs), e)] : [];
        }
        var parts = _begun || !_reading!.ShowsOpening ? [] : _reader.Opening.ToList();
        _begun = true;
        parts.AddRange(_reader.Append(e.Text));
        if (e.Finish is { } reason)
            parts.AddRange(_reader.Finish(cut: reason == FinishReason.Length));
        var events = Grouped(choice, parts);
        if (events.Count == 0 && (e.Finish is not null || logprobs is not null))
            events.Add(new CompletionEvent(choice, ""));
        if (events.Count > 0)
        {
            events[0] = events[0] with { Logprobs = logprobs };
            events[^1] = Finished(events[^1], e);
        }
        return events;
    }

    private CompletionEvent Finished(CompletionEvent last, TextEvent e) =>
        e.Finish is { } reason ? last with { FinishReason = FinishOf(reason, e.Fault), StopText = e.StopString } : last;

    /// <summary>As few events as keep the order: within one, thoughts come before text and text before calls.</summary>
    private List<CompletionEvent> Grouped(int choice, List<AnswerPart> parts)
    {
        var events = new List<CompletionEvent>();
        var last = AnswerPartKind.Arguments;
        foreach (var part in parts)
        {
            bool isCall = part.Kind is AnswerPartKind.Call or AnswerPartKind.Arguments;
            if (events.Count == 0 || (!isCall && (part.Kind != AnswerPartKind.Text || last != AnswerPartKind.Thought)))
                events.Add(new CompletionEvent(choice, ""));
            events[^1] = part.Kind switch
            {
                AnswerPartKind.Text => events[^1] with { Text = part.Text },
                AnswerPartKind.Thought => events[^1] with { Reasoning = part.Text },
                _ => events[^1] with { ToolCalls = [.. events[^1].ToolCalls ?? [], DeltaOf(part)] },
            };
            last = part.Kind;
        }
        return events;
    }

    private ToolCallDelta DeltaOf(AnswerPart part) => part.Kind == AnswerPartKind.Call
        ? new ToolCallDelta(_calls++, part.Id ?? ToolCallId.New(_reading!.Format.Format.ShortIds), part.Text, "")
        : new ToolCallDelta(_calls - 1, null, null, part.Text);
}
