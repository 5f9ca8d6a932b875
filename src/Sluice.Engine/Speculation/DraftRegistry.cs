using Sluice.Core.Errors;

namespace Sluice.Engine.Speculation;

/// <summary>The ways of proposing that there are, by name.</summary>
internal static class DraftRegistry
{
    public const string Ngram = "ngram", Model = "model";

    private static readonly Dictionary<string, Func<Func<ModelDraft>?, IDraft>> Known = new()
    {
        [Ngram] = _ => new NgramDraft(),
        [Model] = model => model?.Invoke() ?? throw new SluiceException($"drafts by '{Model}' need a draft model"),
    };

    /// <param name="name">One of the names; null gives none.</param>
    /// <param name="model">Opens the draft model's side; null where there is no draft model.</param>
    /// <exception cref="SluiceException">There is no such way, or what it needs is missing.</exception>
    public static IDraft? Create(string? name, Func<ModelDraft>? model) =>
        name is null ? null
        : Known.TryGetValue(name, out var create) ? create(model)
        : throw new SluiceException($"no drafts by '{name}': there are {string.Join(", ", Known.Keys)}");
}
