using System.Text.Json;
using Sluice.Http.Schemas;

namespace Sluice.Http.Fakes;

/// <summary>An error as a client reads it.</summary>
internal sealed record ErrorBody(int Status, string Message, string Type, string? Param, string? Code, string? RetryAfter)
{
    /// <summary>Reads and checks the shape that every error must have, whatever went wrong.</summary>
    public static async Task<ErrorBody> ReadAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.Contains("x-request-id"));
        JsonElement body = JsonElement.Parse(text);
        ApiSchemas.Check("error", body);
        JsonElement error = body.GetProperty("error");
        string message = error.GetProperty("message").GetString()!;
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1, 1000);
        return new ErrorBody(
            (int)response.StatusCode,
            message,
            error.GetProperty("type").GetString()!,
            error.GetProperty("param").GetString(),
            error.GetProperty("code").GetString(),
            response.Headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? values.Single() : null);
    }
}
