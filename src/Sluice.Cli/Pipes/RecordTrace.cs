using System.Text;
using Sluice.Cli.Json;
using Sluice.Cli.Streams;
using Sluice.Pipe.Flow;

namespace Sluice.Cli.Pipes;

/// <summary>The whole story of one record, on standard error.</summary>
internal sealed class RecordTrace(Terminal terminal, Redactor redactor, long number)
{
    private bool _wasSeen;

    /// <summary>The run is over.</summary>
    /// <param name="records">That were read.</param>
    public void End(long records)
    {
        if (!_wasSeen)
            terminal.Say($"trace: record {number} did not end; {records} were read");
    }

    public void Note(EndedRecord ended)
    {
        if (ended.Record.Number != number)
            return;
        _wasSeen = true;
        terminal.Say(redactor.Clean("trace " + JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("record", ended.Record.Number);
            writer.WriteNumber("offset", ended.Record.Offset);
            writer.WriteString("input", ended.Record.Text);
            if (ended.Question is { } question)
            {
                writer.WriteString("key", question.Key.ToString());
                writer.WritePropertyName("question");
                writer.WriteRawValue(Encoding.UTF8.GetString(question.Body.Span));
            }
            writer.WriteString("status", ended.Outcome.Status);
            writer.WriteBoolean("asked", ended.Outcome.WasAsked);
            if (ended.Outcome.Answer is { } answer)
            {
                writer.WriteString("answer", answer.Text);
                writer.WriteString("finish_reason", answer.FinishReason);
                writer.WriteNumber("prompt_tokens", answer.Usage.PromptTokens);
                writer.WriteNumber("cached_tokens", answer.Usage.CachedTokens);
                writer.WriteNumber("computed_tokens", answer.Usage.PromptTokens - answer.Usage.CachedTokens);
                writer.WriteNumber("completion_tokens", answer.Usage.CompletionTokens);
            }
            if (ended.Outcome.Answer?.Probability is { } probability)
                writer.WriteNumber("p", probability);
            if (ended.Outcome.Problem is { } problem)
                writer.WriteString("error", problem);
            writer.WriteNumber("milliseconds", Math.Round(ended.Took.TotalMilliseconds, 2));
            writer.WriteEndObject();
        })));
    }
}
