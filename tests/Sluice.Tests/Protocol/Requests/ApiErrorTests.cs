using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Protocol.Requests;

public sealed class ApiErrorTests
{
    [Theory]
    [InlineData(SourceFailure.Busy, 429, 1)]
    [InlineData(SourceFailure.Unavailable, 503, null)]
    [InlineData(SourceFailure.Failed, 500, null)]
    public void From_SourceException_HasTheStatusOfItsReason(SourceFailure reason, int status, int? retrySeconds)
    {
        ApiError told = ApiError.From(new SourceException(reason, "Why."));

        Assert.Equal((status, "Why.", retrySeconds), (told.Status, told.Message, (int?)told.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public void From_InvalidRequest_KeepsEverythingItSays()
    {
        ApiError told = ApiError.From(new InvalidRequestException("Why.", "field", "code", 404));

        Assert.Equal(new ApiError(404, "invalid_request_error", "Why.", "field", "code"), told);
    }
}
