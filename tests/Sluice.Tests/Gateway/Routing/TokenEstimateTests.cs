using Sluice.Gateway.Routing;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Gateway.Routing;

public sealed class TokenEstimateTests
{
    [Theory]
    [InlineData("", 256)]
    [InlineData(",\"max_tokens\":10", 10)]
    [InlineData(",\"max_tokens\":1000000", 4096)]
    public void OfAnswer_ByWhatTheClientAllows_IsNeverBeyondReason(string field, int tokens)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes($"{{\"model\":\"m\"{field}}}");
        Assert.Equal(tokens, TokenEstimate.OfAnswer(RequestHead.Parse(body)));
    }
}
