namespace Sluice.Server.Telemetry;

/// <summary>
/// The labels that tell one series of a metric from another: at most two, which is what the instruments of this server have.
/// </summary>
internal readonly record struct LabelSet(KeyValuePair<string, object?> First, KeyValuePair<string, object?> Second)
{
    public static LabelSet Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags switch
    {
        [] => default,
        [var only] => new(only, default),
        [var first, var second] => new(first, second),
        _ => throw new ArgumentException($"A metric here has at most two labels, not {tags.Length}.", nameof(tags)),
    };
}
