using System.Text;
using Sluice.Gateway.Sources;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Gateway.Sources;

public sealed class UsageTallyTests
{
    [Theory]
    [InlineData("""{"usage":null,"a":{"usage" : {"prompt_tokens":7,"total_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}}""", 7, 2, 4)]
    [InlineData("""{"usage":{"prompt_tokens_details":null,"completion_tokens_details":{"cached_tokens":9},"prompt_tokens":7}}""", 7, 0, 0)]
    [InlineData("""{"usage":{"input_tokens":5,"cache_read_input_tokens":3,"cache_creation_input_tokens":2,"output_tokens":1}}""", 10, 1, 3)]
    [InlineData("""{"usage":{"prompt_tokens":1}} {"usage":{"prompt_tokens":2,"completion_tokens":3}}""", 2, 3, 0)]
    [InlineData("""{"usage":{"prompt_tokens":-1,"completion_tokens":3}}""", 0, 3, 0)]
    public void Scan_AnyShape_FindsTheFigures(string json, int prompt, int completion, int cached)
    {
        var tally = new UsageTally();

        tally.Scan(Encoding.UTF8.GetBytes(json));

        Assert.Equal(new Usage(prompt, completion, cached), tally.Total);
    }

    [Theory]
    [InlineData("""{"content":"\"usage\":{\"prompt_tokens\":7}"}""")]
    [InlineData("""{"usage":null}""")]
    [InlineData("""{"usage":[{"prompt_tokens":7}]}""")]
    [InlineData("""{"usage":{"prompt_tokens":"7"}}""")]
    [InlineData("""{"usage":{"prompt_""")]
    [InlineData("")]
    public void Scan_NothingTold_IsNothing(string json)
    {
        var tally = new UsageTally();

        tally.Scan(Encoding.UTF8.GetBytes(json));

        Assert.Null(tally.Total);
    }
}
