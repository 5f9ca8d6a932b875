namespace Sluice.Protocol.Requests;

/// <param name="Id">The answer's id without the dialect's prefix.</param>
/// <param name="Model">Public model name.</param>
/// <param name="Created">When the answer began.</param>
/// <param name="PromptTokens">As known before the answer began, for dialects that tell it first: exact where local, else an estimate.</param>
public sealed record AnswerInfo(string Id, string Model, DateTimeOffset Created, int PromptTokens = 0);
