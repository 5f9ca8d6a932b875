namespace Sluice.Models.Grammars.Automata;

/// <summary>One way to understand a text so far: in the middle of a lexeme.</summary>
/// <param name="Edge">An edge over a lexeme.</param>
/// <param name="State">The lexeme's state.</param>
/// <param name="Stack">What is to come back to when the node behind the edge is at its end.</param>
internal readonly record struct Reading(Edge Edge, int State, Frame? Stack);
