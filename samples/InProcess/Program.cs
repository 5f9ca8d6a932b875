// A model in this process: chat, options, embeddings. docs/how-to/embed-in-dotnet.md explains it.
using Microsoft.Extensions.AI;
using Sluice.Local;

using var model = LocalModel.Open("demo");
await foreach (var update in model.AsChatClient().GetStreamingResponseAsync("Tell me a story about a fox."))
    Console.Write(update);
Console.WriteLine();

IChatClient chat = model.AsChatClient();
ChatResponse answer = await chat.GetResponseAsync(
    [new(ChatRole.User, "What is the capital of Portugal?")],
    new ChatOptions { Temperature = 0, MaxOutputTokens = 40 });
Console.WriteLine($"{answer.Text} ({answer.FinishReason}, {answer.Usage!.OutputTokenCount} tokens)");

var embeddings = model.AsEmbeddingGenerator();
string[] texts = ["The fox ran through the forest.", "A fox is running in the woods.", "Extract the name as JSON: Maria is 34."];
var vectors = await embeddings.GenerateAsync(texts);
for (int i = 1; i < texts.Length; i++)
{
    float likeness = vectors[0].Vector.ToArray().Zip(vectors[i].Vector.ToArray(), (a, b) => a * b).Sum();
    Console.WriteLine(FormattableString.Invariant($"{likeness:F3} {texts[i]}"));
}
