using System.Diagnostics;
using System.Text;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Answers;

/// <summary>Asks a source and hands its text on as it comes.</summary>
internal static class AnswerReader
{
    /// <param name="onText">Called with each piece of text, in order.</param>
    /// <exception cref="InvalidRequestException">The source cannot answer such a request.</exception>
    /// <exception cref="SourceException">It failed.</exception>
    public static async Task<Answer> ReadAsync(ICompletionSource source, Request request, Action<string> onText, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        using Prepared prepared = await source.PrepareAsync(request, new RequestContext("cli"), cancellation);
        var text = new StringBuilder();
        TimeSpan? first = null;
        string finish = "";
        var usage = new Usage(prepared.PromptTokens, 0, 0);
        await foreach (CompletionEvent e in source.CompleteAsync(prepared, cancellation))
        {
            first ??= Stopwatch.GetElapsedTime(began);
            if (e.Text.Length > 0)
            {
                text.Append(e.Text);
                onText(e.Text);
            }
            finish = e.FinishReason ?? finish;
            usage = e.Usage ?? usage;
        }
        TimeSpan total = Stopwatch.GetElapsedTime(began);
        return new Answer(text.ToString(), finish, usage, first ?? total, total);
    }
}
