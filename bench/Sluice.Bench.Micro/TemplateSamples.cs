using System.Text.Json;
using Sluice.Models.Files;

namespace Sluice.Bench.Micro;

/// <summary>Templates and conversations to measure: the demo model's own, and those of the reference data beside the checkout.</summary>
internal static class TemplateSamples
{
    /// <summary>The template that ships in the embedded model.</summary>
    public static string Demo()
    {
        using GgufFile model = GgufFile.Open(SampleFiles.Checkout("models", "demo", "sluice-demo-q8_0.gguf"));
        return model.Metadata.String("tokenizer.chat_template")!;
    }

    public static string Reference(string name) => Read("chat-templates.json").GetProperty(name).GetString()!;

    public static JsonElement Conversation(string name) => Read("chat-conversations.json").GetProperty(name);

    private static JsonElement Read(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SampleFiles.Golden("templates", file)));
        return document.RootElement.Clone();
    }
}
