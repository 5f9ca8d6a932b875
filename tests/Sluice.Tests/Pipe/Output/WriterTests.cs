using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Record = Sluice.Pipe.Records.Record;

namespace Sluice.Tests.Pipe.Output;

/// <summary>What each kind of outcome looks like in each kind of output.</summary>
public sealed class WriterTests
{
    private static readonly Outcome Ok = new(OutcomeKind.Answered, new Answer("an, answer") { Probability = 0.25 });
    private static readonly Outcome Failed = Outcome.Failed("why");

    private static readonly Record Line = new() { Number = 3, Offset = 0, Raw = "raw\r"u8.ToArray(), Text = "the line" };
    private static readonly Record Row = Line with { Fields = new ColumnFields(["id", "text"], ["1", "x,y"]) };

    private static readonly Record Json = Line with
    {
        Fields = new JsonFields(JsonElement.Parse("""{"id":1,"label":"old","text":"x"}""")),
    };

    private static readonly Addition[] Label = [new("label", AddedValue.Answer), new("p", AddedValue.Probability)];

    [Theory]
    [InlineData(FailAction.Blank, "\n")]
    [InlineData(FailAction.Drop, "")]
    [InlineData(FailAction.Pass, "the line\n")]
    [InlineData(FailAction.Mark, "!!\n")]
    public void Text_AFailedRecord_IsWhatTheFlagSays(FailAction action, string expected) =>
        Assert.Equal(expected, Write(new AnswerTextWriter(new OnFail(action, "!!"), [], nul: false), Line, Failed));

    [Fact]
    public void Text_LineEndsOfAnAnswer_BecomeSpacesButForNul()
    {
        var outcome = new Outcome(OutcomeKind.Answered, new Answer("a\r\nb\nc\rd"));
        var onFail = new OnFail(FailAction.Blank);
        Assert.Equal("a b c d\n", Write(new AnswerTextWriter(onFail, [], nul: false), Line, outcome));
        Assert.Equal("a\r\nb\nc\rd\0", Write(new AnswerTextWriter(onFail, [], nul: true), Line, outcome));
    }

    [Fact]
    public void Text_Additions_StandBehindTheRecord() =>
        Assert.Equal("the line\tan, answer\t0.25\n", Write(new AnswerTextWriter(new OnFail(FailAction.Blank), Label, nul: false), Line, Ok));

    [Fact]
    public void Csv_Additions_TakeTheirColumnOrANewOne()
    {
        var writer = new RowWriter(new OnFail(FailAction.Blank), [new("id", AddedValue.Status), .. Label], ',', quoted: true);
        Assert.Equal("id,text,label,p\n", Header(writer, ["id", "text"]));
        Assert.Equal("ok,\"x,y\",\"an, answer\",0.25\n", Write(writer, Row, Ok));
        Assert.Equal("failed,\"x,y\",,\n", Write(writer, Row, Failed));
    }

    [Fact]
    public void Csv_NothingAdded_SaysAnswerAndStatus()
    {
        var writer = new RowWriter(new OnFail(FailAction.Blank), [], ',', quoted: true);
        Assert.Equal("input,answer,status\n", Header(writer, null));
        Assert.Equal("the line,,blank\n", Write(writer, Line, Outcome.Blank));
        Assert.Equal("the line,,empty\n", Write(writer, Line, new Outcome(OutcomeKind.Answered, new Answer(""))));
    }

    [Fact]
    public void JsonLines_Additions_ReplaceMembersOfTheirName() => Assert.Equal(
        """{"id":1,"text":"x","label":"an, answer","p":0.25}""" + "\n",
        Write(new JsonLinesWriter(new OnFail(FailAction.Blank), Label, structured: false), Json, Ok));

    [Fact]
    public void JsonLines_EveryKindOfEnd_IsToldApart()
    {
        var writer = new JsonLinesWriter(new OnFail(FailAction.Blank), [], structured: false);
        Assert.Equal("""{"id":3,"status":"failed","input":"the line","error":"why"}""" + "\n", Write(writer, Line, Failed));
        Assert.Equal("""{"id":3,"status":"blank","input":"the line"}""" + "\n", Write(writer, Line, Outcome.Blank));
        Assert.Equal("""{"id":3,"status":"ok","input":"the line","answer":"an, answer","p":0.25}""" + "\n", Write(writer, Line, Ok));
    }

    [Fact]
    public void JsonLines_StructuredAnswers_AreValues() => Assert.Equal(
        """{"input":"the line","person":{"age":3}}""" + "\n",
        Write(new JsonLinesWriter(new OnFail(FailAction.Blank), [new("person", AddedValue.Answer)], structured: true), Line,
            new Outcome(OutcomeKind.Answered, new Answer("""{"age":3}"""))));

    [Fact]
    public void Kept_TheRecordsBytes_AreLeftAsTheyWere()
    {
        var writer = new KeptWriter(new OnFail(FailAction.Blank), outcome => outcome.Answer is not null, RecordFormat.Lines);
        Assert.Equal("raw\r\n", Write(writer, Line, Ok));
        Assert.Equal("", Write(writer, Line, Failed));
    }

    [Theory]
    [InlineData("a,\"b \"\"c\"\"\nd\",", "a|b \"c\"\nd|")]
    [InlineData("", "")]
    [InlineData("\"\",x", "|x")]
    public void Rows_SplitAndJoined_AreTheSame(string row, string values)
    {
        Assert.Equal(values.Split('|'), RowText.Split(row, ',', quoted: true));
        Assert.Equal(values.Split('|'), RowText.Split(RowText.Join(values.Split('|'), ',', quoted: true), ',', quoted: true));
    }

    private static string Header(RowWriter writer, IReadOnlyList<string>? columns)
    {
        var bytes = new ArrayBufferWriter<byte>();
        writer.WriteHeader(columns, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Write(IOutcomeWriter writer, Record record, Outcome outcome)
    {
        var bytes = new ArrayBufferWriter<byte>();
        writer.Write(record, outcome, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
