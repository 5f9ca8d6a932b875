using Microsoft.Extensions.AI;
using Sluice.Protocol.Requests;

namespace Sluice.Local.Clients;

/// <summary>A model in this process as the platform's embedding generator. Borrows the model: disposing the generator leaves it open.</summary>
/// <param name="time">What embeddings are dated by.</param>
internal sealed class LocalEmbeddingGenerator(LocalModel model, TimeProvider time) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly LocalEmbeddings _embeddings = new(model, new LocalPrompts(model, time));
    private readonly EmbeddingGeneratorMetadata _metadata = new("sluice", providerUri: null, model.Name, model.Package.Config.Dim);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatView.RefuseOtherModel(model.Name, options?.ModelId);
        if (options?.RawRepresentationFactory is not null || options?.AdditionalProperties is { Count: > 0 })
        {
            throw new NotSupportedException(
                "RawRepresentationFactory and AdditionalProperties are not supported by a model in this process; leave them out.");
        }
        PromptInput[] inputs = [.. values.Select(text => new PromptInput(text, null))];
        if (inputs.Length == 0)
            return [];
        var request = new EmbeddingView { Model = model.Name, Inputs = inputs, Dimensions = options?.Dimensions };
        var context = new RequestContext(Guid.CreateVersion7().ToString("N"));
        var result = await _embeddings.EmbedAsync(request, context, cancellationToken).ConfigureAwait(false);
        var created = time.GetUtcNow();
        return new GeneratedEmbeddings<Embedding<float>>(
            result.Embeddings.Select(values => new Embedding<float>(values) { ModelId = model.Name, CreatedAt = created }))
        {
            Usage = new UsageDetails { InputTokenCount = result.Usage.PromptTokens, TotalTokenCount = result.Usage.TotalTokens },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(model) ? model
        : null;

    public void Dispose() { }
}
