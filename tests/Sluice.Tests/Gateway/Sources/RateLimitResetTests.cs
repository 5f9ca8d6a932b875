using Sluice.Gateway.Sources;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Sources;

public sealed class RateLimitResetTests
{
    [Fact]
    public void Find_SeveralLimits_TakesTheLongest()
    {
        using var answer = new HttpResponseMessage();
        answer.Headers.TryAddWithoutValidation("x-ratelimit-reset-requests", "120ms");
        answer.Headers.TryAddWithoutValidation("x-ratelimit-reset-tokens", "20s");
        Assert.Equal(TimeSpan.FromSeconds(20), RateLimitReset.Find(answer.Headers, new VirtualTime()));
    }
}
