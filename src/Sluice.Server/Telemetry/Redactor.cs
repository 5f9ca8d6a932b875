using System.Buffers;
using System.Text.RegularExpressions;

namespace Sluice.Server.Telemetry;

/// <summary>
/// Takes secrets out of what is logged: those of the configuration by their text, others by how keys look. A source may repeat in its
/// error what it was sent.
/// </summary>
internal sealed partial class Redactor(LiveServing serving)
{
    private const string Mask = "[secret]";

    // Nearly no text holds one of these: the expression is asked only about those that do.
    private static readonly SearchValues<string> Beginnings =
        SearchValues.Create(["sk-", "AIza", "hf_", "xai-", "gsk_", "earer "], StringComparison.Ordinal);

    public string Clean(string text)
    {
        foreach (string secret in serving.Secrets)
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return text.AsSpan().ContainsAny(Beginnings) ? KeyLike().Replace(text, Mask) : text;
    }

    [GeneratedRegex(@"\b(sk-|AIza|hf_|xai-|gsk_|[Bb]earer )[A-Za-z0-9_\-.=+/]{8,}", RegexOptions.NonBacktracking)]
    private static partial Regex KeyLike();
}
