using System.Globalization;

namespace Sluice.Server.Telemetry;

/// <summary>
/// The labels that tell one series of a metric from another: at most two, which is what the instruments of this server have. Their names
/// are null where there is none. Texts only, since every measurement looks its series up by them.
/// </summary>
internal readonly record struct LabelSet(string? FirstName, string? FirstValue, string? SecondName, string? SecondValue)
{
    public static LabelSet Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags switch
    {
        [] => default,
        [var only] => new(only.Key, TextOf(only), null, null),
        [var first, var second] => new(first.Key, TextOf(first), second.Key, TextOf(second)),
        _ => throw new ArgumentException($"A metric here has at most two labels, not {tags.Length}.", nameof(tags)),
    };

    private static string? TextOf(in KeyValuePair<string, object?> tag) =>
        tag.Value as string ?? Convert.ToString(tag.Value, CultureInfo.InvariantCulture);
}
