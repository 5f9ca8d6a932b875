using System.Text.Json;
using Sluice.Cli.Bench;

namespace Sluice.Tests.Cli;

public sealed class BenchTests
{
    [Theory]
    [InlineData("blk.11.attn_q.weight", "attn_q")]
    [InlineData("blk.0.attn_q.bias", "attn_q.bias")]
    [InlineData("token_embd.weight", "token_embd")]
    [InlineData("model.layers.3.self_attn.q_proj.weight", "self_attn.q_proj")]
    [InlineData("model.layers.3.mlp.experts.7.up_proj.weight", "up_proj")]
    [InlineData("lm_head.weight", "lm_head")]
    [InlineData("weight", "weight")]
    [InlineData("blk.5", "")]
    public void LayerKind_OfAName_IsTheSameInEveryLayer(string tensor, string kind) => Assert.Equal(kind, LayerKinds.KindOf(tensor));

    [Fact]
    public async Task Bench_Profile_AccountsForTheWholeTime()
    {
        var result = await CliProcess.RunAsync("bench", "demo", "-p", "16", "-n", "8", "-b", "1", "-t", "1", "-r", "2", "--profile", "--json");
        Assert.Equal(0, result.Code);
        using var json = JsonDocument.Parse(result.Output);
        JsonElement[] phases = [.. json.RootElement.GetProperty("profile").EnumerateArray()];
        Assert.Equal(["prefill", "decode"], phases.Select(phase => phase.GetProperty("phase").GetString()));
        foreach (JsonElement phase in phases)
        {
            var operations = phase.GetProperty("operations").EnumerateArray().ToDictionary(o => o.GetProperty("operation").GetString()!);
            // Six layers; a step of the prompt, or ten of one token, in each of two runs.
            int steps = phase.GetProperty("phase").GetString() == "prefill" ? 2 : 20;
            Assert.Equal(6 * steps, operations["ffn_gate + ffn_up"].GetProperty("calls").GetInt32());
            Assert.Equal(6 * steps, operations["attention"].GetProperty("calls").GetInt32());
            Assert.Equal(steps, operations["token_embd"].GetProperty("calls").GetInt32());
            Assert.True(operations["ffn_down"].GetProperty("gops").GetDouble() > 0);
            double sum = operations.Values.Sum(o => o.GetProperty("ms").GetDouble()) + phase.GetProperty("everything_else_ms").GetDouble();
            Assert.Equal(phase.GetProperty("ms").GetDouble(), sum, tolerance: 0.1);
        }
    }

    [Fact]
    public async Task Bench_WithoutProfile_HasNone()
    {
        var result = await CliProcess.RunAsync("bench", "demo", "-p", "16", "-n", "4", "-b", "1", "-t", "1", "-r", "1", "--json");
        Assert.Equal(0, result.Code);
        using var json = JsonDocument.Parse(result.Output);
        Assert.False(json.RootElement.TryGetProperty("profile", out _));
        Assert.True(json.RootElement.GetProperty("prefill_gops").GetDouble() > 0);
    }
}
