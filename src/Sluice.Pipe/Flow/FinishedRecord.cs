namespace Sluice.Pipe.Flow;

/// <summary>A record that has ended, as bytes of the output.</summary>
/// <param name="Bytes">What it adds to the output; may be empty.</param>
/// <param name="Failed">Whether it has no answer, so that a later run will ask again.</param>
/// <param name="IsPart">Whether it has not ended yet: this is what can be seen of it.</param>
internal readonly record struct FinishedRecord(ReadOnlyMemory<byte> Bytes, bool Failed, bool IsPart = false);
