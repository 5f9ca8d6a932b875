using System.Text;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Protocol.Dialects;

public sealed class ExtendedSamplingFieldsTests
{
    [Fact]
    public void Parse_EveryField_IsKept()
    {
        CompletionRequest view = Parse("""
            "min_tokens":3,"ignore_eos":true,"repeat_last_n":-1,"dynatemp_range":0.5,"dynatemp_exponent":2,"top_n_sigma":1.5,"typical_p":0.9,
            "xtc_probability":0.5,"xtc_threshold":0.2,"min_keep":2,"dry_multiplier":0.8,"dry_base":1.5,"dry_allowed_length":3,"dry_penalty_last_n":64,
            "dry_sequence_breakers":["\n"],"mirostat":0,"mirostat_tau":4,"mirostat_eta":0.2,"repeat_penalty":1.25,"logit_bias":{"5":-100,"7":1.5}
            """);
        var breakers = view.Extended.DryBreakers!;
        Assert.Equal(
            new ExtendedSampling
            {
                MinTokens = 3, IgnoreEnd = true, RepeatLastN = -1, DynamicRange = 0.5f, DynamicExponent = 2, TopNSigma = 1.5f,
                TypicalP = 0.9f,
                XtcProbability = 0.5f, XtcThreshold = 0.2f, MinKeep = 2, DryMultiplier = 0.8f, DryBase = 1.5f, DryAllowedLength = 3,
                DryLastN = 64,
                DryBreakers = breakers, Mirostat = 0, MirostatTau = 4, MirostatEta = 0.2f,
            },
            view.Extended);
        Assert.Equal(["\n"], breakers);
        Assert.Equal(1.25f, view.RepetitionPenalty);
        Assert.Equal([(5, -100f), (7, 1.5f)], view.LogitBias);
    }

    [Theory]
    [InlineData("min_tokens", "-1")]
    [InlineData("ignore_eos", "1", "invalid_type")]
    [InlineData("repeat_last_n", "-2")]
    [InlineData("dynatemp_range", "11")]
    [InlineData("dynatemp_exponent", "-1")]
    [InlineData("top_n_sigma", "101")]
    [InlineData("typical_p", "1.1")]
    [InlineData("xtc_probability", "2")]
    [InlineData("xtc_threshold", "-0.1")]
    [InlineData("min_keep", "-1")]
    [InlineData("dry_multiplier", "101")]
    [InlineData("dry_base", "0.5")]
    [InlineData("dry_allowed_length", "-1")]
    [InlineData("dry_penalty_last_n", "-2")]
    [InlineData("dry_sequence_breakers", "\"x\"", "invalid_type")]
    [InlineData("dry_sequence_breakers", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]", "array_above_max_length")]
    [InlineData("mirostat", "3")]
    [InlineData("mirostat_tau", "101")]
    [InlineData("mirostat_eta", "1.5")]
    [InlineData("logit_bias", "[1]", "invalid_type")]
    public void Parse_OutOfRange_IsRefusedByName(string name, string value, string code = "invalid_value")
    {
        var refusal = Assert.Throws<InvalidRequestException>(() => Parse($"\"{name}\":{value}"));
        Assert.Equal((name, code), (refusal.Param, refusal.Code));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"logit_bias\":{\"5\":101}", "logit_bias.5")]
    [InlineData("\"logit_bias\":{\"-5\":1}", "logit_bias.-5")]
    [InlineData("\"logit_bias\":{\"fox\":1}", "logit_bias.fox")]
    [InlineData("\"dry_sequence_breakers\":[\"a\",\"\"]", "dry_sequence_breakers[1]")]
    [InlineData("\"repeat_penalty\":1.2,\"repetition_penalty\":1.3", "repeat_penalty")]
    [InlineData("\"mirostat\":2,\"top_p\":0.9", "top_p")]
    [InlineData("\"mirostat\":1,\"typical_p\":1", "typical_p")]
    public void Parse_WrongPart_IsNamedByItsPath(string fields, string path) =>
        Assert.Equal(path, Assert.Throws<InvalidRequestException>(() => Parse(fields)).Param);

    [Fact]
    public void Parse_MirostatOff_StandsBesideOtherFilters() => Assert.Equal(0.9f, Parse("\"mirostat\":0,\"top_p\":0.9").TopP);

    [Fact]
    public void Parse_TopNSigmaSwitchedOff_IsZero() => Assert.Equal(0, Parse("\"top_n_sigma\":-1").Extended.TopNSigma);

    private static CompletionRequest Parse(string fields) =>
        new OpenAiCompletionsDialect().Parse(Encoding.UTF8.GetBytes($$"""{"model":"m","prompt":"x",{{fields}}}"""));
}
