using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <summary>What a set or for assigns to.</summary>
internal abstract class Target
{
    public abstract void Assign(Value value, Rendering rendering);
}
