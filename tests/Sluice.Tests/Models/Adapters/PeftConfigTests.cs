using Sluice.Core.Errors;
using Sluice.Models.Adapters;

namespace Sluice.Tests.Models.Adapters;

public sealed class PeftConfigTests : IDisposable
{
    private const string Q = "model.layers.0.self_attn.q_proj";

    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-peft-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", 8, 2.0)]
    [InlineData("\"use_rslora\": true", 8, 5.656854249492381)] // 16 / sqrt(8)
    [InlineData("\"alpha_pattern\": {\"q_proj\": 4}", 8, 0.5)]
    [InlineData("\"alpha_pattern\": {\"layers.1.self_attn.q_proj\": 4}", 8, 2.0)]
    [InlineData("\"rank_pattern\": {\"layers\\\\.[0-9]+\\\\.self_attn\\\\.q_proj\": 4}", 4, 4.0)]
    [InlineData("\"rank_pattern\": {\"_proj\": 4}", 8, 2.0)] // a key stands for whole parts of a name
    [InlineData("\"target_modules\": \"all-linear\"", 8, 2.0)]
    [InlineData("\"target_modules\": \".*\\\\.(q|v)_proj\"", 8, 2.0)]
    [InlineData("\"target_modules\": [\"self_attn.q_proj\"]", 8, 2.0)]
    [InlineData("\"modules_to_save\": null, \"layer_replication\": null, \"trainable_token_indices\": null, \"unknown\": 3", 8, 2.0)]
    public void ScaleOf_Module_IsPefts(string more, int rank, double expected) => Assert.Equal(expected, Read(more).ScaleOf(Q, rank), 1e-12);

    [Theory]
    [InlineData("\"use_dora\": true", "use_dora")]
    [InlineData("\"lora_bias\": true", "lora_bias")]
    [InlineData("\"bias\": \"lora_only\"", "bias")]
    [InlineData("\"modules_to_save\": [\"lm_head\"]", "modules_to_save")]
    [InlineData("\"trainable_token_indices\": [3]", "trainable_token_indices")]
    [InlineData("\"layer_replication\": [[0, 4]]", "layer_replication")]
    [InlineData("\"init_lora_weights\": \"pissa_niter_4\"", "init_lora_weights")]
    [InlineData("\"peft_type\": \"IA3\"", "peft_type")]
    [InlineData("\"task_type\": \"SEQ_CLS\"", "task_type")]
    [InlineData("\"rank_pattern\": {\"(\": 4}", "rank_pattern")]
    [InlineData("\"target_modules\": \"(?=x)\"", "target_modules")]
    [InlineData("\"r\": \"eight\"", "r")]
    public void Read_WhatIsNotSupported_IsRefusedByName(string more, string field) =>
        Assert.Contains($"'{field}'", Assert.ThrowsAny<ModelFileException>(() => Read(more)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"target_modules\": [\"v_proj\"]", 8, "target_modules")]
    [InlineData("", 4, "rank of 8")]
    public void ScaleOf_ModuleThatDoesNotAgree_IsRefused(string more, int rank, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelFileException>(() => Read(more).ScaleOf(Q, rank)).Message, StringComparison.Ordinal);

    private PeftConfig Read(string more)
    {
        (string Name, string Value)[] usual = [("peft_type", "\"LORA\""), ("r", "8"), ("lora_alpha", "16")];
        string rest = string.Join(", ", usual.Where(field => !more.StartsWith($"\"{field.Name}\"", StringComparison.Ordinal))
            .Select(field => $"\"{field.Name}\": {field.Value}"));
        string path = Path.Combine(_folder, "adapter_config.json");
        File.WriteAllText(path, $"{{{rest}{(more.Length > 0 ? ", " : "")}{more}}}");
        return PeftConfig.Read(path);
    }
}
