using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>Methods of dict.</summary>
internal static class DictMethods
{
    public static readonly MethodTable Table = new(
        "dict",
        [
            new("get", "key default? /", Get),
            new("items", "", (_, self, _) => View("dict_items", self, dict => dict.Pairs)),
            new("keys", "", (_, self, _) => View("dict_keys", self, dict => dict.Entries.Keys)),
            new("values", "", (_, self, _) => View("dict_values", self, dict => dict.Entries.Values)),
            new("copy", "", (_, self, _) => self),
        ],
        "clear", "pop", "popitem", "setdefault", "update");

    private static Value Get(Rendering rendering, Value self, Arguments arguments)
    {
        DictValue.RequireHashable(arguments[0]!);
        rendering.Meter.Step(arguments[0]!.Weight);
        return self.Item(arguments[0]!) ?? arguments[1] ?? NoneValue.Instance;
    }

    private static DictViewValue View(string type, Value self, Func<DictValue, IEnumerable<Value>> elements) =>
        new(type, (DictValue)self, elements((DictValue)self));
}
