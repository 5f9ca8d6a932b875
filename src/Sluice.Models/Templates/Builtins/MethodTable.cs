using System.Collections.Frozen;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>The methods of one type.</summary>
/// <param name="type">Python's name of the type.</param>
/// <param name="methods">What templates may call.</param>
/// <param name="unsafeMethods">What Python has and the sandbox forbids, for it changes the object.</param>
internal sealed class MethodTable(string type, Builtin[] methods, params string[] unsafeMethods)
{
    private readonly FrozenDictionary<string, Builtin> _methods = methods.ToFrozenDictionary(method => method.Name);
    private readonly FrozenSet<string> _unsafe = unsafeMethods.ToFrozenSet();

    /// <summary>The method bound to its object; null where the type has none of that name.</summary>
    public Value? Find(Value self, string name)
    {
        if (_methods.TryGetValue(name, out Builtin? method))
            return new FunctionValue(name, (rendering, arguments) => method.Apply(rendering, self, arguments));
        return _unsafe.Contains(name) ? UndefinedValue.Unsafe(type, name) : null;
    }
}
