using System.Text;
using Sluice.Cpu;
using Sluice.Engine;
using Sluice.Engine.Requests;
using Sluice.Local;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Local;

public sealed class LocalLogprobsTests
{
    private static readonly LocalModelOptions Options = new() { Engine = new EngineOptions { ContextTokens = 512, MaxSequences = 8 } };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(""" "echo":true,"logprobs":1,"kv_window":16,"kv_sinks":4 """, "kv_window")]
    [InlineData(""" "n":1,"best_of":100,"logprobs":5 """, "logprobs")]
    public async Task Prepare_BeyondWhatIsComputed_IsRefusedByName(string fields, string param)
    {
        using var model = LocalModel.Open(ModelLocator.Demo, Options);
        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(async () => await PrepareAsync(Source(model), fields));
        Assert.Equal((param, 400), (refusal.Param, refusal.Status));
    }

    [Theory]
    [InlineData(""" "echo":true,"logprobs":1,"kv_window":0 """)]
    [InlineData(""" "echo":true,"kv_window":16,"kv_sinks":4 """)]
    [InlineData(""" "n":1,"best_of":20,"logprobs":5 """)]
    public async Task Prepare_WithinThat_IsTaken(string fields)
    {
        using var model = LocalModel.Open(ModelLocator.Demo, Options);
        using var prepared = await PrepareAsync(Source(model), fields);
        Assert.True(prepared.PromptTokens > 0);
    }

    [Fact]
    public async Task Dispose_PromptsAreBeingScored_EndsThemAllAndFreesEverything()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        var model = LocalModel.Open(ModelLocator.Demo, Options, device);
        var source = Source(model);
        var answers = new List<Task<Exception?>>();
        for (int i = 0; i < 6; i++)
        {
            var prepared = await PrepareAsync(source, """ "echo":true,"logprobs":5 """);
            answers.Add(Task.Run(async () => await Record.ExceptionAsync(() => ReadAsync(source, prepared)), Cancellation));
        }
        while (model.Engine.Load.PromptTokens == 0)
            await Task.Delay(1, Cancellation);
        model.Dispose();
        foreach (var ended in await Task.WhenAll(answers).WaitAsync(TimeSpan.FromSeconds(30), Cancellation))
            Assert.True(ended is null or SourceException { Reason: SourceFailure.Unavailable }, $"{ended}");
        Assert.Equal(0, device.Memory.LeasedBytes);
    }

    [Fact]
    public async Task ScorePrompt_AfterDispose_SaysSo()
    {
        var model = LocalModel.Open(ModelLocator.Demo, Options);
        var prompt = model.Engine.Prepare([new PromptSegment.Tokens(new[] { 5, 6, 7 })]);
        Assert.Equal(2, (await model.ScorePromptAsync(prompt, 0, Cancellation)).Count);
        model.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => model.ScorePromptAsync(prompt, 0, Cancellation));
    }

    private static LocalSource Source(LocalModel model) => new(model, TimeProvider.System, new Random(1));

    private static ValueTask<Prepared> PrepareAsync(LocalSource source, string fields)
    {
        string prompt = string.Concat(Enumerable.Repeat("The fox and the owl. ", 20));
        string body = $$"""{"model":"any","prompt":"{{prompt}}","max_tokens":4,{{fields}}}""";
        var request = new Request(Encoding.UTF8.GetBytes(body), new OpenAiCompletionsDialect());
        return source.PrepareAsync(request, new RequestContext("test"), Cancellation);
    }

    private static async Task ReadAsync(LocalSource source, Prepared prepared)
    {
        await foreach (var e in source.CompleteAsync(prepared, Cancellation))
            Assert.InRange(e.Choice, 0, 0);
    }
}
