using System.Diagnostics;
using System.Text;
using Sluice.Cli.Streams;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Answers;

/// <summary>Asks a source and hands its text and its thoughts on as they come.</summary>
internal static class AnswerReader
{
    /// <param name="onText">Called with each piece of text, in order.</param>
    /// <param name="thoughts">Shows them; null for nobody.</param>
    /// <exception cref="InvalidRequestException">The source cannot answer such a request.</exception>
    /// <exception cref="SourceException">It failed.</exception>
    public static async Task<Answer> ReadAsync(
        ICompletionSource source, Request request, Action<string> onText, ThoughtWriter? thoughts, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        using Prepared prepared = await source.PrepareAsync(request, new RequestContext("cli"), cancellation);
        var text = new StringBuilder();
        TimeSpan? first = null;
        string finish = "";
        var usage = new Usage(prepared.PromptTokens, 0, 0);
        try
        {
            await foreach (CompletionEvent e in source.CompleteAsync(prepared, cancellation))
            {
                first ??= Stopwatch.GetElapsedTime(began);
                if (e.Reasoning.Length > 0)
                    thoughts?.Write(e.Reasoning);
                if (e.Text.Length > 0)
                {
                    thoughts?.End();
                    text.Append(e.Text);
                    onText(e.Text);
                }
                finish = e.FinishReason ?? finish;
                usage = e.Usage ?? usage;
            }
        }
        finally
        {
            thoughts?.End(); // or the terminal stays dim
        }
        TimeSpan total = Stopwatch.GetElapsedTime(began);
        return new Answer(text.ToString(), finish, usage, first ?? total, total);
    }
}
