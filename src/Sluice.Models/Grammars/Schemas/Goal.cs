namespace Sluice.Models.Grammars.Schemas;

/// <summary>All that is asked of one value. One object for equal ones.</summary>
internal sealed class Goal(Literal[] literals)
{
    /// <summary>Sorted, each once.</summary>
    public Literal[] Literals { get; } = literals;

    /// <summary>The values that satisfy it; null until somebody asks. Filled by <see cref="ShapeTable"/>.</summary>
    public Shape? Shape { get; set; }

    /// <summary>Whether the shape is being worked out just now.</summary>
    public bool InWork { get; set; }

    /// <summary>Whether some value satisfies it; null until somebody asks. Filled by <see cref="ShapeTable"/>.</summary>
    public bool? Inhabited { get; set; }
}
