namespace Sluice.Models.Grammars.Schemas;

/// <summary>How far an object has come.</summary>
/// <param name="Done">The needs that are satisfied.</param>
/// <param name="Used">The named classes whose name was there already.</param>
/// <param name="Count">Properties so far, as far as their number still matters.</param>
/// <param name="Class">The class of the name that was read last; between a name and its value.</param>
internal readonly record struct ObjectState(
    ObjectPlan Plan, ObjectPhase Phase, UInt128 Done, UInt128 Used, int Count, int Class = -1);
