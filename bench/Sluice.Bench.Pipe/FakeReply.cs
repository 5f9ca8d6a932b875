namespace Sluice.Bench.Pipe;

/// <summary>What the fake server does with a request.</summary>
internal sealed record FakeReply(int Status, byte[] Body)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public TimeSpan Delay { get; init; }

    public FakeTransport Transport { get; init; }
}
