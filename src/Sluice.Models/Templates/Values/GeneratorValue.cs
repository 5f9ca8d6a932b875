using System.Runtime.CompilerServices;

namespace Sluice.Models.Templates.Values;

/// <summary>What filters such as map and select give: elements computed as they are read, and read only once.</summary>
internal sealed class GeneratorValue(IEnumerable<Value> elements) : Value
{
    // Not disposed: the iterators behind it hold nothing to release.
    private readonly IEnumerator<Value> _elements = elements.GetEnumerator();

    public override string TypeName => "generator";

    public override IEnumerable<Value> Elements
    {
        get
        {
            while (MoveNext())
                yield return _elements.Current;
        }
    }

    public override void WriteRepr(TextOutput output) => output.Append("<generator object>");

    private bool MoveNext()
    {
        // A generator may read from a generator that reads from another, and so on.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return _elements.MoveNext();
    }
}
