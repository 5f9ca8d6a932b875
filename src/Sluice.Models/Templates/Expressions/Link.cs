using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>One thing done to the value on its left: an attribute, item, slice, call, filter or test.</summary>
internal abstract class Link
{
    public abstract Value Apply(Value value, Rendering rendering);
}
