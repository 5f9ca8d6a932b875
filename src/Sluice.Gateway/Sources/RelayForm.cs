namespace Sluice.Gateway.Sources;

/// <summary>How a stream that is relayed as bytes looks, as far as a relay must know.</summary>
internal enum RelayForm
{
    /// <summary>Chunks, then <c>data: [DONE]</c>.</summary>
    OpenAi,

    /// <summary>Named events, the last of which is <c>message_stop</c>.</summary>
    Anthropic,
}
