namespace Sluice.Models.Answers;

/// <summary>A piece of an answer, told apart by what it is.</summary>
/// <param name="Text">The piece; a call's name where it begins one.</param>
/// <param name="Id">The id that the model gave a call, on its beginning; null where its family gives none.</param>
public readonly record struct AnswerPart(AnswerPartKind Kind, string Text, string? Id = null);
