namespace Sluice.Bench.Pipe;

/// <summary>A request as the fake server got it.</summary>
/// <param name="Headers">Names in lower case.</param>
/// <param name="At">Milliseconds of the system's clock when it was read.</param>
internal sealed record FakeRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, long At);
