using System.Net;
using Sluice.Http.Fakes;
using Sluice.Protocol.Requests;

namespace Sluice.Http.Endpoints;

public sealed class RoutingTests
{
    [Theory]
    [InlineData("GET", "/", 404, "unknown_url")]
    [InlineData("POST", "/v1/nope", 404, "unknown_url")]
    [InlineData("GET", "/v1/completions", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/models/fake", 405, "method_not_allowed")]
    [InlineData("POST", "/health", 405, "method_not_allowed")]
    public async Task Request_NowhereToGo_GetsAnErrorOfTheSameShape(string method, string path, int status, string code)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ErrorBody error = await ErrorBody.ReadAsync(response);
        Assert.Equal((status, code), (error.Status, error.Code));
        Assert.Equal(status == 405, response.Content.Headers.Contains("Allow"));
    }

    [Theory]
    [InlineData("my-id.7:a_B", true)]
    [InlineData("with space", false)]
    [InlineData("semi;colon", false)]
    public async Task RequestId_Decent_IsTheClientsOwn(string sent, bool kept)
    {
        var source = new ScriptedSource();
        await using TestServer server = await TestServer.StartAsync(source);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent("""{"model":"fake","prompt":"x"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("x-request-id", sent);

        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        string id = Assert.Single(response.Headers.GetValues("x-request-id"));
        Assert.Equal(kept, id == sent);
        RequestContext context = Assert.Single(source.Contexts);
        Assert.Equal(id, context.RequestId);
    }

    [Fact]
    public async Task RequestId_NoneSent_IsMadeInOrderAndNeverTwice()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        var ids = new List<string>();
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage response = await server.Client.GetAsync("/health", TestContext.Current.CancellationToken);
            ids.Add(Assert.Single(response.Headers.GetValues("x-request-id")));
        }
        Assert.All(ids, id => Assert.Matches("^req_[0-9a-f]{32}$", id));
        Assert.Equal(ids.Order(StringComparer.Ordinal).Distinct(), ids);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/live")]
    public async Task Health_Running_IsOk(string path)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"status":"ok"}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
