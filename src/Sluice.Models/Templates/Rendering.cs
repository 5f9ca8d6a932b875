using System.Runtime.CompilerServices;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates;

/// <summary>The state of one rendering, handed to every node. Used by one thread.</summary>
internal sealed class Rendering : IDisposable
{
    private readonly int _maxDepth;
    private readonly Value?[] _globals;
    private readonly string[] _names;
    private int _calls;

    /// <param name="globals">Values of the template's own names by number; null where undefined. Written by the rendering.</param>
    /// <param name="names">Spelling of the names by number.</param>
    public Rendering(TemplateOptions options, Value?[] globals, string[] names, TimeProvider clock)
    {
        (_maxDepth, _globals, _names, Clock) = (options.MaxDepth, globals, names, clock);
        Meter = new Meter(options);
        Output = new TextOutput(Meter);
    }

    public Meter Meter { get; }

    public TextOutput Output { get; }

    public TimeProvider Clock { get; }

    /// <summary>Offset in the source of the operation at work; a failure is reported there.</summary>
    public int At { get; set; }

    /// <summary>Null while the template's own names are the innermost.</summary>
    public Scope? Scope { get; set; }

    public Value Get(int name)
    {
        for (Scope? scope = Scope; scope is not null; scope = scope.Parent)
        {
            if (scope.Find(name) is { } value)
                return value;
        }
        return _globals[name] ?? UndefinedValue.Named(_names[name]);
    }

    public void Set(int name, Value value)
    {
        if (Scope is null)
            _globals[name] = value;
        else
            Scope.Set(name, value);
    }

    /// <summary>Called on the way into a macro or a recursive loop.</summary>
    public void Enter()
    {
        if (++_calls > _maxDepth)
            throw new TemplateFault($"macros and recursive loops call each other more than {_maxDepth} deep (limit MaxDepth)");
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Meter.Step();
    }

    public void Leave() => _calls--;

    public void Dispose() => Output.Dispose();
}
