using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Shapes;
using Sluice.Pipe.Stages;
using Sluice.Pipe.Templates;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Record = Sluice.Pipe.Records.Record;

namespace Sluice.Tests.Pipe.Stages;

/// <summary>What a call about several records asks, as a source sees it.</summary>
public sealed class PromptStageTests
{
    [Fact]
    public async Task AnswerTogether_APlainPrompt_IsAskedWithNumberedTextsAndTheirSchema()
    {
        var source = new EchoingSource("""{"1":"bug","2":"other"}""");
        var settings = new AskSettings { Model = "m", MaxTokens = 5 };
        var shape = new ChoicesShape(["bug", "other"], WireForm.Schema);
        var stage = new PromptStage(new Asker(source), settings, Template.Parse("Classify."), shape: shape);
        BatchAnswer answer = await stage.AnswerTogetherAsync(
            [Pose(stage, 1, "it \"crashes\"\n2"), Pose(stage, 2, "hi")], TestContext.Current.CancellationToken);
        Assert.Equal(["bug", "other"], answer.Texts);
        JsonElement body = source.Bodies.Single();
        Assert.Equal("Classify.", body.GetProperty("messages")[0].GetProperty("content").GetString()!.Split('\n')[0]);
        JsonElement texts = JsonElement.Parse(body.GetProperty("messages")[1].GetProperty("content").GetString()!);
        Assert.Equal(("it \"crashes\"\n2", "hi"), (texts.GetProperty("1").GetString(), texts.GetProperty("2").GetString()));
        JsonElement schema = body.GetProperty("response_format").GetProperty("json_schema").GetProperty("schema");
        Assert.Equal(["bug", "other"], schema.GetProperty("properties").GetProperty("2").GetProperty("enum").EnumerateArray()
            .Select(label => label.GetString()));
        Assert.InRange(body.GetProperty("max_tokens").GetInt32(), 10, 40);
    }

    [Fact]
    public async Task AnswerTogether_AnAnswerThatDoesNotSplit_HasNoneForAnyAndItsTokens()
    {
        var source = new EchoingSource("1. yes 2. no");
        var stage = new PromptStage(new Asker(source), new AskSettings { Model = "m" }, Template.Parse("Is {} a city?"));
        BatchAnswer answer = await stage.AnswerTogetherAsync(
            [Pose(stage, 1, "Rome"), Pose(stage, 2, "Bob")], TestContext.Current.CancellationToken);
        Assert.Equal([null, null], answer.Texts);
        Assert.Equal(EchoingSource.Used, answer.Usage);
        string? asked = source.Bodies.Single().GetProperty("messages")[0].GetProperty("content").GetString();
        Assert.Contains("Is Rome a city?", asked, StringComparison.Ordinal);
    }

    private static Question Pose(PromptStage stage, long number, string text) =>
        stage.Pose(new Record { Number = number, Offset = 0, Raw = default, Text = text });

    /// <summary>Answers everything with the same text, and keeps what it was asked.</summary>
    private sealed class EchoingSource(string answer) : ICompletionSource
    {
        public static readonly Usage Used = new(11, 3, 0);

        public List<JsonElement> Bodies { get; } = [];

        public SourceInfo Info => new("m", ["m"], DateTimeOffset.UnixEpoch);

        public SourceCapabilities Capabilities => new(null, Chat: true);

        public ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation)
        {
            Bodies.Add(JsonElement.Parse(request.Body.Span));
            return ValueTask.FromResult<Prepared>(new Nothing(request, context) { PromptTokens = Used.PromptTokens });
        }

        public async IAsyncEnumerable<CompletionEvent> CompleteAsync(
            Prepared prepared, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.Yield();
            yield return new CompletionEvent(0, answer) { FinishReason = "stop", Usage = Used };
        }

        private sealed class Nothing(Request request, RequestContext context) : Prepared(request, context)
        {
            public override void Dispose()
            {
                // Nothing is held.
            }
        }
    }
}
