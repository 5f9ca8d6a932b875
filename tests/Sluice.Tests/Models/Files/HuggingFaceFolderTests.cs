using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Tests.Models.Files;

public sealed class HuggingFaceFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public HuggingFaceFolderTests() => _folder.Write("config.json", """{"model_type":"llama"}""");

    public void Dispose() => _folder.Dispose();

    private HuggingFaceFolder Open() => HuggingFaceFolder.Open(_folder.Path);

    private static readonly byte[] Weights = SafetensorsFileTests.Bytes("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1);

    [Fact]
    public void Open_ConfigAlone_LeavesTheRestNull()
    {
        var folder = Open();
        Assert.Equal("llama", folder.Config.RequireString("model_type"));
        Assert.Null(folder.GenerationConfig);
        Assert.Null(folder.TokenizerConfig);
        Assert.Null(folder.TokenizerJsonPath);
        Assert.Null(folder.SentencePiecePath);
        Assert.Null(folder.ChatTemplate);
        Assert.Empty(folder.ChatTemplates);
        Assert.Contains("no model.safetensors", Assert.Throws<ModelFileException>(() => folder.OpenTensors()).Message);
    }

    [Fact]
    public void Open_Everything_IsFound()
    {
        _folder.Write("generation_config.json", """{"eos_token_id":[1,2]}""");
        _folder.Write("tokenizer_config.json", """{"add_bos_token":true}""");
        string tokenizer = _folder.Write("tokenizer.json", "{}");
        string sentencePiece = _folder.Write("tokenizer.model", "");
        var folder = Open();
        Assert.Equal([1, 2], folder.GenerationConfig!.Integers("eos_token_id")!);
        Assert.True(folder.TokenizerConfig!.Bool("add_bos_token"));
        Assert.Equal(tokenizer, folder.TokenizerJsonPath);
        Assert.Equal(sentencePiece, folder.SentencePiecePath);
    }

    [Fact]
    public void Open_NoConfig_IsRefused()
    {
        File.Delete(Path.Combine(_folder.Path, "config.json"));
        Assert.Contains("no config.json", Assert.Throws<ModelFileException>(Open).Message);
        Assert.Contains("no such folder", Assert.Throws<ModelFileException>(() => HuggingFaceFolder.Open(_folder.Path + "x")).Message);
    }

    [Fact]
    public void OpenTensors_SingleIndexedOrOddlyNamed_AreFound()
    {
        _folder.Write("consolidated.safetensors", Weights);
        using (var odd = Open().OpenTensors())
            Assert.NotNull(odd.Find("a"));
        _folder.Write("model.safetensors.index.json", """{"weight_map":{"a":"consolidated.safetensors"}}""");
        using (var indexed = Open().OpenTensors())
            Assert.EndsWith("index.json", indexed.Path);
        _folder.Write("model.safetensors", Weights);
        using var single = Open().OpenTensors();
        Assert.EndsWith("model.safetensors", single.Path);
    }

    [Fact]
    public void ChatTemplate_Sources_TakePrecedenceInOrder()
    {
        _folder.Write("tokenizer_config.json", """{"chat_template":"from config"}""");
        Assert.Equal("from config", Open().ChatTemplate);
        _folder.Write("chat_template.json", """{"chat_template":"from json"}""");
        Assert.Equal("from json", Open().ChatTemplate);
        _folder.Write("chat_template.jinja", "from jinja\n");
        Assert.Equal("from jinja\n", Open().ChatTemplate);
    }

    [Fact]
    public void ChatTemplate_NamedList_GivesTheDefault()
    {
        _folder.Write("tokenizer_config.json", """
            {"chat_template":[{"name":"tool_use","template":"T"},{"name":"default","template":"D"}]}
            """);
        Assert.Equal("D", Open().ChatTemplate);
        Assert.Equal("T", Open().ChatTemplates["tool_use"]);
        _folder.Write("tokenizer_config.json", """{"chat_template":[{"name":"only","template":"O"}]}""");
        Assert.Equal("O", Open().ChatTemplate);
        _folder.Write("tokenizer_config.json", """{"chat_template":[{"name":"x","template":"X"},{"name":"y","template":"Y"}]}""");
        Assert.Null(Open().ChatTemplate);
        _folder.Write("tokenizer_config.json", """{"chat_template":[{"name":"x"}]}""");
        Assert.Contains(
            "tokenizer_config.json: missing field 'chat_template.template'", Assert.Throws<ModelFileException>(Open).Message);
    }
}
