namespace Sluice.Models.Grammars.Chars;

/// <summary>The code points from one to another, both included, and the state they lead to.</summary>
internal readonly record struct CharArc(int First, int Last, int Target);
