using System.Text.Json;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>Understands the stream of one answer, frame by frame.</summary>
internal interface IWireReader
{
    /// <summary>Whether the stream said that it is over: nothing more is read.</summary>
    bool Ended { get; }

    /// <summary>Whether the answer counts as whole if the stream closes here.</summary>
    bool Whole { get; }

    /// <summary>What the frames so far told.</summary>
    UsageTally Usage { get; }

    /// <summary>Adds what a frame's data tell to <paramref name="events"/>.</summary>
    /// <exception cref="JsonException">They are not what the API describes.</exception>
    /// <exception cref="SourceException">They say that the source failed.</exception>
    void Read(ReadOnlySpan<byte> data, List<CompletionEvent> events);
}
