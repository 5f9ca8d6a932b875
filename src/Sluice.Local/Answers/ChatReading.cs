using Sluice.Models.Answers;

namespace Sluice.Local.Answers;

/// <summary>How the answer to one conversation is to be read.</summary>
/// <param name="Format">Of the model that gives it.</param>
/// <param name="Options">What is known of it before it comes.</param>
/// <param name="Opening">What the prompt has of it already.</param>
/// <param name="ShowsOpening">Whether that is part of what the client is told: the template wrote it, not the client.</param>
internal sealed record ChatReading(LocalFormat Format, AnswerOptions Options, string Opening, bool ShowsOpening);
