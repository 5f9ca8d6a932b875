using System.Text.Json;
using Sluice.Cli.Answers;
using Sluice.Cli.Streams;
using Sluice.Core.Errors;
using Sluice.Cpu;
using Sluice.Engine;
using Sluice.Local;
using Sluice.Protocol.Requests;

namespace Sluice.Cli.Bench;

/// <summary>
/// Decodes prompts one after the other, each with drafts and without in turn, so that both meet the same minutes. The answers must be the
/// same, or the figures would compare different work.
/// </summary>
internal sealed class DraftBench(Terminal terminal, BenchSettings settings)
{
    public async Task<DraftReport> MeasureAsync(CancellationToken cancellation)
    {
        Request[] prompts = ReadPrompts(settings.Prompts!);
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = settings.Threads });
        using LocalModel plain = Open(device, null), drafted = Open(device, settings.Draft);
        var pairs = new List<DraftPair>();
        for (int run = 0; run <= settings.Runs; run++)
        {
            DraftPair pair = await Progress.ShowAsync(
                terminal, $"run {run} of {settings.Runs}", () => RunAsync(plain, drafted, prompts, cancellation));
            if (run > 0) // the first one warms up
                pairs.Add(pair);
        }
        return new DraftReport(settings, drafted.Name, device.Name, device.Threads, prompts.Length, pairs);
    }

    private static async Task<DraftPair> RunAsync(LocalModel plain, LocalModel drafted, Request[] prompts, CancellationToken cancellation)
    {
        var pair = new DraftPair();
        for (int i = 0; i < prompts.Length; i++)
        {
            // Each goes first every other time.
            Answer first = await AnswerAsync(i % 2 == 0 ? plain : drafted, prompts[i], cancellation);
            Answer second = await AnswerAsync(i % 2 == 0 ? drafted : plain, prompts[i], cancellation);
            if (first.Text != second.Text)
                throw new SluiceException($"the answers to prompt {i + 1} differ with and without drafts; that is a fault of Sluice's");
            pair = i % 2 == 0 ? pair.With(first, second) : pair.With(second, first);
        }
        return pair;
    }

    private static Task<Answer> AnswerAsync(LocalModel model, Request prompt, CancellationToken cancellation) =>
        AnswerReader.ReadAsync(new LocalSource(model, TimeProvider.System, new Random(1)), prompt, _ => { }, thoughts: null, cancellation);

    private LocalModel Open(CpuDevice device, string? draft)
    {
        LocalModelOptions options = LocalModelOptions.Single(kvType: settings.KvType);
        var model = LocalModel.Open(settings.Model, options with
        {
            Draft = draft,
            Engine = options.Engine with { DraftTokens = settings.DraftTokens ?? new EngineOptions().DraftTokens },
        }, device);
        model.FinishLoading();
        return model;
    }

    /// <summary>One JSON value per line: a string is continued, an array of messages answered.</summary>
    private Request[] ReadPrompts(string path)
    {
        var settingsOfAll = new CompletionRequest { Model = settings.Model, MaxTokens = settings.DecodedTokens, Temperature = 0 };
        try
        {
            Request[] prompts = [.. File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line)).Select(line =>
            {
                JsonElement prompt = JsonElement.Parse(line);
                return prompt.ValueKind == JsonValueKind.String
                    ? RequestWriter.Raw(settingsOfAll, prompt.GetString()!)
                    : RequestWriter.Chat(settingsOfAll, prompt.EnumerateArray()
                        .Select(m => (m.GetProperty("role").GetString()!, m.GetProperty("content").GetString()!)));
            })];
            return prompts.Length > 0 ? prompts : throw new UsageException($"--prompts {path} has no lines.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--prompts cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UsageException($"--prompts {path} needs one JSON string or array of messages per line: {e.Message}");
        }
    }
}
