using Sluice.Models.Templates.Builtins;

namespace Sluice.Models.Templates.Values;

/// <summary>
/// A value of the template language, which follows Python's data model. Values are immutable (namespaces, loops and generators excepted)
/// and hold no .NET object that a template could reach. Because containers are built from finished values, their depth and weight are
/// known when they are made, and recursion over them needs no further guard.
/// </summary>
internal abstract class Value : IEquatable<Value>
{
    /// <summary>Python's name of the type, for messages.</summary>
    public abstract string TypeName { get; }

    public virtual bool IsTrue => true;

    public virtual bool IsCallable => false;

    /// <summary>Whether the value may be a key of a dict.</summary>
    public virtual bool IsHashable => true;

    /// <summary>How many elements and runs of 64 characters a walk over the value touches.</summary>
    public virtual int Weight => 1;

    /// <summary>How deep containers nest in the value.</summary>
    public virtual int Depth => 0;

    /// <summary>Python's len(); null where the value has none.</summary>
    public virtual int? Length => null;

    /// <summary>Python's iter(); null where the value cannot be iterated.</summary>
    public virtual IEnumerable<Value>? Elements => null;

    /// <summary>Writes Python's str().</summary>
    public virtual void Write(TextOutput output) => WriteRepr(output);

    /// <summary>Writes Python's repr().</summary>
    public abstract void WriteRepr(TextOutput output);

    /// <summary>Python's getattr(): a method or property of the type; null where it has none of that name.</summary>
    public virtual Value? Attribute(StringValue name) => null;

    /// <summary>Python's value[key]; null where the key is missing or the type has no such access.</summary>
    public virtual Value? Item(Value key) => null;

    /// <summary>Python's value[start:stop:step].</summary>
    public virtual Value Slice(SliceBounds bounds, Rendering rendering) =>
        throw new TemplateFault($"'{TypeName}' object is not subscriptable");

    /// <summary>Python's `item in value`.</summary>
    public virtual bool Contains(Value item, Rendering rendering)
    {
        if (Elements is not { } elements)
            throw new TemplateFault($"argument of type '{TypeName}' is not iterable");
        foreach (Value element in elements)
        {
            rendering.Meter.Step(Math.Min(element.Weight, item.Weight));
            if (element.Equals(item))
                return true;
        }
        return false;
    }

    public virtual Value Call(Rendering rendering, Arguments arguments) => throw new TemplateFault($"'{TypeName}' object is not callable");

    /// <summary>Python's ==.</summary>
    public virtual bool Equals(Value? other) => ReferenceEquals(this, other);

    public sealed override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>Python's str().</summary>
    public virtual string Text(Rendering rendering)
    {
        int start = rendering.Output.Length;
        Write(rendering.Output);
        return rendering.Output.Cut(start);
    }
}
