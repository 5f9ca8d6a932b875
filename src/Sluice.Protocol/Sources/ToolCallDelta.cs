namespace Sluice.Protocol.Sources;

/// <summary>The next piece of a call that the model makes of one of the request's tools.</summary>
/// <param name="Index">Which call of its choice, from 0 in the order they begin; a call's pieces come in order.</param>
/// <param name="Id">What the call's result will refer to; on the call's first piece, null on all others.</param>
/// <param name="Name">The tool; on the call's first piece, null on all others.</param>
/// <param name="Arguments">Next piece of the arguments, which together are the text of one JSON object; may be empty.</param>
public readonly record struct ToolCallDelta(int Index, string? Id, string? Name, string Arguments);
