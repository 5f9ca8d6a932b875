using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Sluice.Engine.Text;
using Sluice.Local.Answers;
using Sluice.Protocol.Requests;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Sluice.Local.Clients;

/// <summary>A model in this process as the platform's chat client. Borrows the model: disposing the client leaves it open.</summary>
/// <param name="time">What the chat template reads and answers are dated by.</param>
/// <param name="random">Seeds answers whose options bring no seed.</param>
internal sealed class LocalChatClient(LocalModel model, TimeProvider time, Random random) : IChatClient
{
    private readonly LocalPrompts _prompts = new(model, time);
    private readonly LocalSubmission _submission = new(model, random);
    private readonly ChatClientMetadata _metadata = new("sluice", providerUri: null, model.Name);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var view = ChatView.Of(model.Name, messages, options);
        string id = Guid.CreateVersion7().ToString("N");
        var created = time.GetUtcNow();
        var context = new RequestContext(id);
        var prompt = _prompts.Make(view, context)[0];
        var generation = _submission.Submit(prompt, view, LocalGrammars.Of(model, view), choice: 0, context);
        var answer = new LocalAnswer(prompt.Reading);
        var calls = new ChatCalls(showsThoughts: options?.Reasoning?.Output != ReasoningOutput.None);
        // Leaving the enumeration, or cancelling it, aborts the generation and frees its blocks.
        var pieces = generation.ReadTextAsync(
            model.Tokenizer, view.Stop, marks: prompt.Reading?.Format.Marks, cancellation: cancellationToken);
        await foreach (var e in pieces.ConfigureAwait(false))
        {
            foreach (var said in answer.Read(0, e, null))
            {
                var update = new ChatResponseUpdate(ChatRole.Assistant, calls.ContentsOf(said))
                {
                    ResponseId = id, MessageId = id, ModelId = model.Name, CreatedAt = created,
                };
                if (said.FinishReason is { } reason)
                {
                    update.FinishReason = new ChatFinishReason(reason);
                    update.Contents.Add(new UsageContent(new UsageDetails
                    {
                        InputTokenCount = prompt.Prompt.Length,
                        OutputTokenCount = e.Tokens,
                        TotalTokenCount = prompt.Prompt.Length + e.Tokens,
                        CachedInputTokenCount = generation.CachedTokens,
                    }));
                }
                yield return update;
            }
            if (answer.IsComplete)
                generation.Abort();
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(model) ? model
        : null;

    public void Dispose() { }
}
