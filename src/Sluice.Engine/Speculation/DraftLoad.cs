namespace Sluice.Engine.Speculation;

/// <summary>What became of proposals since the engine was made.</summary>
/// <param name="Proposed">Tokens proposed and computed.</param>
/// <param name="Accepted">Those of them that were drawn.</param>
/// <param name="Failed">Whether the draft model failed and is not asked any more.</param>
public readonly record struct DraftLoad(long Proposed, long Accepted, bool Failed);
