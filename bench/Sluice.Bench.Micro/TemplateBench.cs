using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Sluice.Models.Templates;

namespace Sluice.Bench.Micro;

/// <summary>
/// Compiling a chat template, and rendering it for a plain conversation and for one with a round of tool calls. The same work for npm's
/// @huggingface/jinja is in bench/peers/templates.mjs.
/// </summary>
[MemoryDiagnoser]
public class TemplateBench
{
    private string _source = null!;
    private ChatTemplate _template = null!;
    private TemplateContext _turns = null!;
    private TemplateContext _tools = null!;
    private JsonElement _toolsJson;

    [Params("demo", "llama-3.1")]
    public string Template { get; set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        _source = Template == "demo" ? TemplateSamples.Demo() : TemplateSamples.Reference("llama.cpp/meta-llama-Llama-3.1-8B-Instruct");
        _template = ChatTemplate.Compile(_source);
        _toolsJson = TemplateSamples.Conversation("tool_done");
        _tools = TemplateContext.From(_toolsJson);
        _turns = TemplateContext.From(TemplateSamples.Conversation("sys_turns"));
    }

    // An object, for BenchmarkDotNet's generated project refers to this one alone and cannot name our types.
    [Benchmark]
    public object Compile() => ChatTemplate.Compile(_source);

    [Benchmark]
    public string RenderTurns() => _template.Render(_turns);

    [Benchmark]
    public string RenderTools() => _template.Render(_tools);

    /// <summary>With the JSON of the conversation turned into variables each time, as a request does.</summary>
    [Benchmark]
    public string RenderToolsFromJson() => _template.Render(_toolsJson);
}
