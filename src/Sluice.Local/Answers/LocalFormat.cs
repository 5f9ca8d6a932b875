using Sluice.Core.Errors;
using Sluice.Models.Answers;
using Sluice.Models.Templates;
using Sluice.Models.Tokenizers;

namespace Sluice.Local.Answers;

/// <summary>How one model's answers to conversations are read. Immutable.</summary>
internal sealed class LocalFormat
{
    private readonly Lazy<AnswerOpening> _opening;
    private readonly Lazy<IReadOnlySet<int>> _marks;

    /// <param name="name">Of the format; null where the template tells.</param>
    /// <param name="chat">Compiled when it is first asked for.</param>
    /// <param name="tokenizer">Loaded then too: whoever asks for logits alone may have none.</param>
    /// <exception cref="SluiceException">No format has that name.</exception>
    public LocalFormat(string? name, string template, Lazy<ChatFormat> chat, Func<ITokenizer> tokenizer)
    {
        var format = name is null ? AnswerFormat.Of(template) : AnswerFormat.Named(name, template);
        Format = format ?? throw new SluiceException($"no answer format '{name}'; known: {string.Join(", ", AnswerFormat.Names)}");
        _opening = new Lazy<AnswerOpening>(() => AnswerOpening.Find(chat.Value, Format));
        _marks = new Lazy<IReadOnlySet<int>>(() => FindMarks(tokenizer()));
    }

    public AnswerFormat Format { get; }

    /// <summary>Tokens that are special, so that texts do not show them, but by which answers are read.</summary>
    public IReadOnlySet<int> Marks => _marks.Value;

    /// <summary>What a prompt has of its answer already.</summary>
    /// <param name="continued">The message that the answer goes on with; null where it begins a turn.</param>
    public string OpeningOf(string prompt, string? continued) =>
        continued is not null && !_opening.Value.HasHeader ? continued : _opening.Value.Of(prompt);

    private HashSet<int> FindMarks(ITokenizer tokenizer)
    {
        string[] marks = [.. Format.Marks];
        var tokens = new HashSet<int>();
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            // A mark may be put together from several tokens and what stands between them.
            if (tokenizer.IsSpecial(id) && tokenizer.Spelling(id) is { Length: > 0 } spelling
                && Array.Exists(marks, mark => mark.Contains(spelling, StringComparison.Ordinal)))
            {
                tokens.Add(id);
            }
        }
        return tokens;
    }
}
