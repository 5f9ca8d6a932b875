using Sluice.Models.Templates.Builtins;
using Sluice.Models.Templates.Text;

namespace Sluice.Models.Templates.Values;

/// <summary>A str. Python counts and indexes code points, so text with surrogate pairs takes a slower path.</summary>
/// <param name="content">The text in UTF-16.</param>
/// <param name="isMarkup">Marked as safe (Python's Markup): joining it with plain text escapes the plain text.</param>
internal sealed class StringValue(string content, bool isMarkup = false) : Value
{
    public static readonly StringValue Empty = new("");

    // Both are found on first need; threads that race find the same.
    private int _codePoints = -1;
    private int[]? _offsets;

    public string Content { get; } = content;

    public bool IsMarkup { get; } = isMarkup;

    public override string TypeName => IsMarkup ? "Markup" : "str";

    public override bool IsTrue => Content.Length > 0;

    public override int Weight => 1 + (Content.Length >> 6);

    public override int? Length => _codePoints >= 0 ? _codePoints : _codePoints = CodePoints.Count(Content);

    public override IEnumerable<Value> Elements => CodePoints.Each(Content).Select(character => new StringValue(character));

    public override void Write(TextOutput output) => output.Append(Content);

    public override string Text(Rendering rendering) => Content;

    public override void WriteRepr(TextOutput output)
    {
        if (IsMarkup)
            output.Append("Markup(");
        StringRepr.Write(Content, output);
        if (IsMarkup)
            output.Append(')');
    }

    /// <summary>Text made from this one: safe where this one is.</summary>
    public StringValue With(string content) => ReferenceEquals(content, Content) ? this : new StringValue(content, IsMarkup);

    public override Value? Attribute(StringValue name) => StringMethods.Table.Find(this, name.Content);

    public override Value? Item(Value key)
    {
        if (!Numbers.TryInteger(key, out var index) || !SliceBounds.TryIndex(index, Length!.Value, out int at))
            return null;
        if (Length.Value == Content.Length)
            return With(Content[at].ToString());
        int[] offsets = _offsets ??= CodePoints.Offsets(Content, Length.Value);
        return With(Content[offsets[at]..offsets[at + 1]]);
    }

    public override Value Slice(SliceBounds bounds, Rendering rendering)
    {
        rendering.Meter.AllocateText(Content.Length);
        return With(CodePoints.Slice(Content, Length!.Value, bounds));
    }

    public override bool Contains(Value item, Rendering rendering)
    {
        if (item is not StringValue part)
            throw new TemplateFault($"'in <string>' requires string as left operand, not {item.TypeName}");
        rendering.Meter.Scan(Content.Length);
        return Content.Contains(part.Content, StringComparison.Ordinal);
    }

    public override bool Equals(Value? other) => other is StringValue text && text.Content == Content;

    public override int GetHashCode() => Content.GetHashCode(StringComparison.Ordinal);
}
