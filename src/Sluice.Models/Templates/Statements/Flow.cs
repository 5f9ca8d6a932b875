namespace Sluice.Models.Templates.Statements;

/// <summary>Where a rendering goes on after a statement.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}
