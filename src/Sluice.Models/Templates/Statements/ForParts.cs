using Sluice.Models.Templates.Expressions;

namespace Sluice.Models.Templates.Statements;

/// <summary>What stands in a for: `{% for target in elements if condition recursive %} body {% else %} otherwise {% endfor %}`.</summary>
internal sealed record ForParts(
    Target Target, Expression Elements, Expression? Condition, bool IsRecursive, Block Body, Block? Otherwise);
