using System.Text;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Protocol.Dialects;

public sealed class OpenAiCompletionsDialectTests
{
    [Fact]
    public void Parse_NothingSaid_HasTheContractsTokenLimit() => Assert.Equal(16, Parse("").MaxTokens);

    [Theory]
    [InlineData("\"best_of\":1")]
    [InlineData("\"best_of\":2,\"n\":2")]
    [InlineData("\"suffix\":\"\"")]
    [InlineData("\"suffix\":null,\"logprobs\":null,\"logit_bias\":null")]
    public void Parse_OptionThatAsksForNothing_Passes(string fields) => Assert.Equal("m", Parse("," + fields).Model);

    [Theory]
    [InlineData("suffix", "\"end\"")]
    public void Parse_OptionThatIsNotBuilt_IsRefusedByName(string name, string value) =>
        Assert.Equal((name, "unsupported_value"), Refusal($",\"{name}\":{value}"));

    [Theory]
    [InlineData("", null)]
    [InlineData(",\"kv_window\":100", "0 + 100")]
    [InlineData(",\"kv_window\":100,\"kv_sinks\":4", "4 + 100")]
    [InlineData(",\"kv_window\":0,\"kv_sinks\":0", "0 + 0")]
    [InlineData(",\"kv_window\":100,\"kv_sinks\":4,\"kv_heavy\":50", "4 + 100", 50)]
    public void Parse_WhatToKeep_IsInTheView(string fields, string? keep, int heavy = 0)
    {
        ContextWindow? read = Parse(fields).Keep;
        Assert.Equal(keep, read is null ? null : $"{read.Sinks} + {read.Window}");
        Assert.Equal(heavy, read?.Heavy ?? 0);
    }

    [Fact]
    public void Parse_SaltOfTheCache_IsInTheView() => Assert.Equal("mine", Parse(",\"cache_salt\":\"mine\"").CacheSalt);

    [Theory]
    [InlineData(",\"kv_window\":-1", "kv_window")]
    [InlineData(",\"kv_sinks\":4", "kv_sinks")]
    [InlineData(",\"kv_sinks\":4,\"kv_window\":0", "kv_sinks")]
    [InlineData(",\"kv_heavy\":4", "kv_heavy")]
    [InlineData(",\"cache_salt\":\"\"", "cache_salt")]
    [InlineData(",\"cache_salt\":7", "cache_salt")]
    public void Parse_KeepingWhatCannotBeKept_IsRefused(string fields, string name) => Assert.Equal(name, Refusal(fields).Param);

    [Theory]
    [InlineData("\"best_of\":1,\"n\":2", "best_of")]
    [InlineData("\"best_of\":2,\"stream\":true", "best_of")]
    [InlineData("\"best_of\":129", "best_of")]
    [InlineData("\"logprobs\":21", "logprobs")]
    public void Parse_OutOfRange_IsRefusedByName(string fields, string name) =>
        Assert.Equal((name, "invalid_value"), Refusal("," + fields));

    [Fact]
    public void Parse_LogprobsAndBestOf_AreKept()
    {
        var view = Parse(",\"logprobs\":3,\"best_of\":4,\"n\":2");
        Assert.Equal((3, 4, 2), (view.Logprobs, view.BestOf, view.TotalChoices));
    }

    [Theory]
    [InlineData("messages")]
    [InlineData("tools")]
    public void Parse_OptionOfTheOtherEndpoint_IsRefused(string name) =>
        Assert.Equal((name, "unknown_parameter"), Refusal($",\"{name}\":[]"));

    [Fact]
    public void Parse_PromptOfIds_KeepsThem()
    {
        byte[] body = """{"model":"m","prompt":[[1,2],[2147483647]],"n":2,"echo":true}"""u8.ToArray();

        CompletionRequest view = new OpenAiCompletionsDialect().Parse(body);

        Assert.Equal([1, 2], view.Prompts![0].Tokens!);
        Assert.Equal([int.MaxValue], view.Prompts[1].Tokens!);
        Assert.Equal((4, true), (view.TotalChoices, view.Echo));
    }

    private static (string? Param, string? Code) Refusal(string fields)
    {
        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => Parse(fields));
        return (refusal.Param, refusal.Code);
    }

    private static CompletionRequest Parse(string fields) =>
        new OpenAiCompletionsDialect().Parse(Encoding.UTF8.GetBytes($$"""{"model":"m","prompt":"x"{{fields}}}"""));
}
