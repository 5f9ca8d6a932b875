using Sluice.Models.Templates.Expressions;

namespace Sluice.Models.Templates.Statements;

/// <param name="Spelling">For keywords and messages.</param>
/// <param name="Name">Number in the template's name table.</param>
/// <param name="Default">Null where the macro demands it; left out it is undefined even so.</param>
internal sealed record MacroParameter(string Spelling, int Name, Expression? Default);

/// <summary>
/// What a macro takes; without a name it is the block of a call. The special names are numbers in the template's name table, null where
/// the body does not read them.
/// </summary>
internal sealed record MacroSignature(string? Name, MacroParameter[] Parameters, int? Caller, int? Keywords, int? Extra);
