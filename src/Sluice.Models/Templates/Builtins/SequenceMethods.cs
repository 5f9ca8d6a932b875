using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Methods of list and tuple.</summary>
internal static class SequenceMethods
{
    private static readonly Builtin[] Reading =
    [
        new("count", "value /", (rendering, self, arguments) =>
            IntegerValue.Of(Sequence.Elements(self, rendering).Count(item => item.Equals(arguments[0]!)))),
        new("index", "value start? stop? /", Index),
    ];

    public static readonly MethodTable Tuple = new("tuple", Reading);

    public static readonly MethodTable List = new(
        "list", [.. Reading, new Builtin("copy", "", (_, self, _) => self)],
        "append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

    private static IntegerValue Index(Rendering rendering, Value self, Arguments arguments)
    {
        Value[] items = Sequence.Items(self, rendering);
        (int start, _, int count) = new SliceBounds(arguments.Integer(1), arguments.Integer(2, items.Length), null).Over(items.Length);
        int at = Array.FindIndex(items, start, count, item => item.Equals(arguments[0]!));
        return at >= 0 ? IntegerValue.Of(at) : throw new TemplateFault("the value is not in the list");
    }
}
