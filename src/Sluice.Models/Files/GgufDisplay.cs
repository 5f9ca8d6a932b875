using Sluice.Core.Memory;

namespace Sluice.Models.Files;

/// <summary>Metadata values on one short line, for listings.</summary>
internal static class GgufDisplay
{
    private const int MaxElements = 8;

    public static string Of(MappedFile file, GgufValue value) => value switch
    {
        { Kind: GgufKind.String } => Printable.Shorten(file.Span(value.Offset, value.Count)),
        { Kind: not GgufKind.Array } => GgufScalars.Display(value.Kind, file.Span(value.Offset, value.Kind.FixedBytes())),
        { Element: GgufKind.Array } => "[…]",
        { Element: GgufKind.String } => Join(value.Count, Strings(file, value)),
        _ => Join(value.Count, Numbers(file, value)),
    };

    private static string Join(int count, IEnumerable<string> first) =>
        $"[{string.Join(", ", first)}{(count > MaxElements ? ", …" : "")}]";

    private static IEnumerable<string> Numbers(MappedFile file, GgufValue value)
    {
        int size = value.Element.FixedBytes();
        for (int i = 0; i < Math.Min(value.Count, MaxElements); i++)
            yield return GgufScalars.Display(value.Element, file.Span(value.Offset + (long)i * size, size));
    }

    private static IEnumerable<string> Strings(MappedFile file, GgufValue value)
    {
        var strings = new Utf8Strings(file, value.Offset, Math.Min(value.Count, MaxElements));
        for (int i = 0; i < strings.Count; i++)
            yield return Printable.Quote(strings.Bytes(i));
    }
}
