using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates;

/// <summary>The names set inside one loop pass, macro call or block. Few, so they are found by walking them.</summary>
/// <param name="parent">The scope around it where the block stands; null directly below the template's own names.</param>
internal sealed class Scope(Scope? parent)
{
    private (int Name, Value Value)[] _entries = [];
    private int _count;

    public Scope? Parent { get; } = parent;

    public Value? Find(int name)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_entries[i].Name == name)
                return _entries[i].Value;
        }
        return null;
    }

    public void Set(int name, Value value)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_entries[i].Name != name)
                continue;
            _entries[i].Value = value;
            return;
        }
        if (_count == _entries.Length)
            Array.Resize(ref _entries, Math.Max(4, _count * 2));
        _entries[_count++] = (name, value);
    }
}
