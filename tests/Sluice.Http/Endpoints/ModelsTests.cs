using System.Text.Json;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;
using Sluice.Server;

namespace Sluice.Http.Endpoints;

public sealed class ModelsTests
{
    [Fact]
    public async Task Get_List_HasEveryNameOfEverySource()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource("a", "b"), new ScriptedSource("owner/repo"));

        JsonElement list = JsonElement.Parse(await server.Client.GetStringAsync("/v1/models", TestContext.Current.CancellationToken));

        ApiSchemas.Check("model.list", list);
        JsonElement.ArrayEnumerator models = list.GetProperty("data").EnumerateArray();
        Assert.Equal(["a", "b", "owner/repo"], models.Select(model => model.GetProperty("id").GetString()!));
    }

    [Theory]
    [InlineData("/v1/models/a", "a")]
    [InlineData("/v1/models/owner/repo", "owner/repo")]
    [InlineData("/v1/models/owner%2Frepo", "owner/repo")]
    public async Task Get_One_FindsNamesWithSlashes(string path, string name)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource("a"), new ScriptedSource("owner/repo"));

        JsonElement model = JsonElement.Parse(await server.Client.GetStringAsync(path, TestContext.Current.CancellationToken));

        ApiSchemas.Check("model", model);
        Assert.Equal(name, model.GetProperty("id").GetString());
        Assert.Equal(1_700_000_000, model.GetProperty("created").GetInt64());
    }

    [Fact]
    public async Task Get_UnknownName_ListsTheKnownOnes()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource("a", "b"));

        using HttpResponseMessage response = await server.Client.GetAsync("/v1/models/c", TestContext.Current.CancellationToken);

        ErrorBody error = await ErrorBody.ReadAsync(response);
        Assert.Equal((404, "model_not_found"), (error.Status, error.Code));
        Assert.Contains("a, b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ByName_ReachesTheSourceOfThatName()
    {
        var first = new ScriptedSource("a");
        var second = new ScriptedSource("b");
        await using TestServer server = await TestServer.StartAsync(first, second);

        using HttpResponseMessage response = await server.PostAsync("/v1/completions", """{"model":"b","prompt":"x"}""");

        Assert.True(response.IsSuccessStatusCode);
        Assert.Empty(first.Seen);
        Assert.Single(second.Seen);
    }

    [Fact]
    public void Directory_OneNameTwice_IsRefusedAtStart()
    {
        var fault = Assert.Throws<ArgumentException>(() => new ModelDirectory(new ScriptedSource("a"), new ScriptedSource("a")));

        Assert.Contains("'a'", fault.Message, StringComparison.Ordinal);
    }
}
