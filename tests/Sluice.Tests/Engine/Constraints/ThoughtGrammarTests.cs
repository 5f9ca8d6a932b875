using Sluice.Core;
using Sluice.Engine.Constraints;
using Sluice.Engine.Requests;
using Sluice.Local;
using Sluice.Models.Tokenizers;

namespace Sluice.Tests.Engine.Constraints;

/// <summary>The embedded model does not think, but what it says can be bounded as if it did.</summary>
public sealed class ThoughtGrammarTests : IDisposable
{
    private const string Start = "<think>", End = "</think>";

    private readonly LocalModel _model = LocalModel.Open(ModelLocator.Demo, LocalModelOptions.Single(256, DType.F32));

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Generate_BudgetIsSpent_EndIsForcedAndTheAnswerGoesOn(int budget)
    {
        int[] end = Encode(End);

        int[] free = await GenerateAsync(null);
        int[] bounded = await GenerateAsync(Grammar(open: true, budget));

        Assert.Equal(free[..budget], bounded[..budget]);
        Assert.Equal(end, bounded[budget..(budget + end.Length)]);
        Assert.True(bounded.Length > budget + end.Length, "something follows the thoughts");
    }

    [Fact]
    public void Constraint_ThoughtsEndThemselves_NothingIsForced()
    {
        var constraint = Grammar(open: true, budget: 100).Start();

        AcceptAll(constraint, "I see." + End + " So it is.");

        AcceptAll(constraint, string.Concat(Enumerable.Repeat(" and on", 100)));
        Assert.Equal(0, constraint.Forced(new int[8]));
    }

    [Theory]
    [InlineData("\n<think>", true)]
    [InlineData("<think", false)]
    [InlineData("The tag <think>", false)]
    public void Constraint_NotOpen_CountsOnceThoughtsBegin(string said, bool forces)
    {
        var constraint = Grammar(open: false, budget: 0).Start();

        AcceptAll(constraint, said);

        Assert.Equal(forces, constraint.Forced(new int[64]) > 0);
    }

    [Fact]
    public void Constraint_EndIsForced_OnlyItMayCome()
    {
        var constraint = Grammar(open: true, budget: 0).Start();
        float[] logits = new float[_model.Tokenizer.VocabularySize];
        int[] end = Encode(End);

        foreach (int token in end)
        {
            Array.Clear(logits);
            Assert.True(constraint.Mask(logits));
            Assert.Equal([token], Enumerable.Range(0, logits.Length).Where(id => float.IsFinite(logits[id])));
            Assert.False(constraint.TryAccept(token + 1));
            Assert.True(constraint.TryAccept(token));
        }
        Array.Clear(logits);
        Assert.True(constraint.Mask(logits));
        Assert.DoesNotContain(float.NegativeInfinity, logits);
    }

    private ThoughtGrammar Grammar(bool open, int budget) => new(_model.Tokenizer, Start, End, open, budget, then: null);

    private void AcceptAll(ITokenConstraint constraint, string text) => Assert.All(Encode(text), token => Assert.True(constraint.TryAccept(token)));

    private int[] Encode(string text)
    {
        var ids = new List<int>();
        _model.Tokenizer.Encode(text, EncodeOptions.Rendered, ids);
        return [.. ids];
    }

    private async Task<int[]> GenerateAsync(ITokenGrammar? grammar)
    {
        var request = new GenerationRequest
        {
            Prompt = _model.Engine.Prepare([new PromptSegment.Tokens(Encode("Once upon a time, there was a little fox"))]),
            MaxTokens = 40,
            StopTokens = _model.EndTokens,
            Grammar = grammar,
        };
        Assert.Equal(SubmitOutcome.Accepted, _model.Engine.TrySubmit(request, out var generation));
        var tokens = new List<int>();
        await foreach (var e in generation!.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (e.Finish is null)
                tokens.Add(e.Token);
        }
        return [.. tokens];
    }
}
