using Sluice.Core.Errors;
using Sluice.Models;
using Sluice.Models.Files;
using Sluice.Tests.Models.Files;

namespace Sluice.Tests.Models;

public sealed class EmbeddingDefaultsTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(0, null)]
    [InlineData(1, Pooling.Mean)]
    [InlineData(3, Pooling.Last)]
    public void FromGguf_PoolingType_IsRead(int? type, Pooling? expected) => Assert.Equal(expected, FromGguf(type).Pooling);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(77)]
    public void FromGguf_PoolingThatIsNotBuilt_IsRefusedByNumber(int type)
    {
        var refusal = Assert.Throws<UnsupportedModelException>(() => FromGguf(type));
        Assert.Contains($"pooling_type {type} ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromGguf_AttentionBothWays_IsRefused()
    {
        Assert.Null(FromGguf(null, causal: true).Pooling);
        Assert.Throws<UnsupportedModelException>(() => FromGguf(null, causal: false));
    }

    [Theory]
    [InlineData("""{"word_embedding_dimension":64,"pooling_mode_mean_tokens":true,"pooling_mode_lasttoken":false}""", Pooling.Mean)]
    [InlineData("""{"pooling_mode_cls_token":false,"pooling_mode_lasttoken":true}""", Pooling.Last)]
    public void FromFolder_SentenceTransformersPooling_IsRead(string config, Pooling expected)
    {
        using var folder = new TempFolder();
        Assert.Null(EmbeddingDefaults.FromFolder(folder.Path).Pooling);
        WritePooling(folder, config);
        Assert.Equal(expected, EmbeddingDefaults.FromFolder(folder.Path).Pooling);
    }

    [Theory]
    [InlineData("""{"pooling_mode_cls_token":true}""", "pooling_mode_cls_token")]
    [InlineData("""{"pooling_mode_mean_tokens":true,"pooling_mode_max_tokens":true}""", "pooling_mode_mean_tokens and pooling_mode_max_tokens")]
    [InlineData("{}", "none")]
    public void FromFolder_PoolingThatIsNotBuilt_IsRefusedByName(string config, string named)
    {
        using var folder = new TempFolder();
        WritePooling(folder, config);
        var refusal = Assert.Throws<UnsupportedModelException>(() => EmbeddingDefaults.FromFolder(folder.Path));
        Assert.Contains($"by {named} is", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromFolder_DenseLayerAfterPooling_IsRefused()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "2_Dense"));
        Assert.Throws<UnsupportedModelException>(() => EmbeddingDefaults.FromFolder(folder.Path));
    }

    private static EmbeddingDefaults FromGguf(int? poolingType, bool? causal = null)
    {
        var builder = new GgufBuilder();
        if (poolingType is { } type)
            builder.Key("llama.pooling_type", (uint)type);
        if (causal is { } value)
            builder.Key("llama.attention.causal", GgufBuilder.Bool, w => w.Write(value));
        using var folder = new TempFolder();
        using var file = GgufFile.Open(folder.Write("m.gguf", builder.Build()));
        return EmbeddingDefaults.FromGguf(file.Metadata, "llama");
    }

    private static void WritePooling(TempFolder folder, string config)
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "1_Pooling"));
        folder.Write(Path.Combine("1_Pooling", "config.json"), config);
    }
}
