namespace Sluice.Models.Grammars.Schemas;

/// <summary>How far an array has come.</summary>
/// <param name="Index">Items so far, as far as their number still matters.</param>
/// <param name="Counts">How many items satisfied each count's literal so far, 16 bits each.</param>
/// <param name="Used">The values that were there already, where no two may be the same.</param>
internal readonly record struct ArrayState(ArrayPlan Plan, ArrayPhase Phase, int Index, UInt128 Counts, UInt128 Used);
