using System.Text.Json;
using Sluice.Models.Files;

namespace Sluice.Bench.Micro;

/// <summary>Templates and conversations to measure: the demo model's own, and those of the reference data beside the checkout.</summary>
internal static class TemplateSamples
{
    /// <summary>The template that ships in the embedded model.</summary>
    public static string Demo()
    {
        using GgufFile model = GgufFile.Open(Path.Combine(Checkout(), "models", "demo", "sluice-demo-q8_0.gguf"));
        return model.Metadata.String("tokenizer.chat_template")!;
    }

    public static string Reference(string name) => Read("chat-templates.json").GetProperty(name).GetString()!;

    public static JsonElement Conversation(string name) => Read("chat-conversations.json").GetProperty(name);

    /// <summary>A file of SLUICE_GOLDEN, else of ../shared/golden beside the checkout.</summary>
    private static JsonElement Read(string file)
    {
        string golden = Environment.GetEnvironmentVariable("SLUICE_GOLDEN") ?? Path.Combine(Checkout(), "..", "shared", "golden");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(golden, "templates", file)));
        return document.RootElement.Clone();
    }

    private static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sluice.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no Sluice.slnx above {AppContext.BaseDirectory}: run the benches from a checkout");
    }
}
