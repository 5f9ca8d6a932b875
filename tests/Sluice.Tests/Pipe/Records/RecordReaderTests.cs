using System.Text;
using Sluice.Pipe;
using Sluice.Pipe.Records;
using Record = Sluice.Pipe.Records.Record;

namespace Sluice.Tests.Pipe.Records;

public sealed class RecordReaderTests
{
    [Theory]
    [InlineData("a\nb\n", new[] { "a", "b" })]
    [InlineData("a\r\nb", new[] { "a", "b" })]
    [InlineData("", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("\n\n  \nx", new[] { "", "", "  ", "x" })]
    [InlineData("\uFEFFa\nb\n", new[] { "a", "b" })]
    public async Task Lines_AnyInput_AreTheLines(string input, string[] expected) =>
        Assert.Equal(expected, (await ReadAsync(input, RecordFormat.Lines)).Select(record => record.Text));

    [Fact]
    public async Task Lines_NumbersAndOffsets_AreThoseOfTheInput()
    {
        var records = await ReadAsync("ä\r\nb\n\nc", RecordFormat.Lines);
        Assert.Equal([(1, 0), (2, 4), (3, 6), (4, 7)], records.Select(record => (record.Number, record.Offset)));
    }

    [Fact]
    public async Task Nul_RecordsWithLineEnds_KeepThem() =>
        Assert.Equal(["a\nb", "c"], (await ReadAsync("a\nb\0c\0", RecordFormat.Nul)).Select(record => record.Text));

    [Fact]
    public async Task Paragraphs_BlankLinesBetween_AreCutThere() => Assert.Equal(
        ["a\nb", "c"], (await ReadAsync("\n\na\r\nb\n \n\nc\n", RecordFormat.Paragraphs)).Select(record => record.Text));

    [Fact]
    public async Task JsonLines_FieldsAndPaths_AreFound()
    {
        var record = Assert.Single(await ReadAsync("""{"a":{"b":"x"},"n":1.50,"d.e":"dots"}""", RecordFormat.JsonLines));
        Assert.Equal(["x", "1.50", "dots", null], new[] { "a.b", "n", "d.e", "a.c" }.Select(record.Fields!.Find));
    }

    [Fact]
    public async Task JsonLines_ABrokenLine_IsAProblemOfItsOwn()
    {
        var records = await ReadAsync("{\n{}\n", RecordFormat.JsonLines);
        Assert.Equal([false, true], records.Select(record => record.Problem is null));
    }

    [Fact]
    public async Task Csv_QuotedValues_HoldSeparatorsQuotesAndLineEnds()
    {
        var records = await ReadAsync("id,text\n1,\"a, \"\"b\"\"\nc\"\n2,x\n", RecordFormat.Csv);
        Assert.Equal(["a, \"b\"\nc", "x"], records.Select(record => record.Fields!.Find("text")));
        Assert.Equal(["1", "2"], records.Select(record => record.Fields!.Find(1)));
    }

    [Fact]
    public async Task Csv_AQuoteNeverClosed_CostsOnlyItsOwnLine()
    {
        var records = await ReadAsync("id,text\n1,\"open\n2,b\n3,c\n", RecordFormat.Csv);
        Assert.Equal([false, true, true], records.Select(record => record.Problem is null));
        Assert.Equal(["2,b", "3,c"], records.Skip(1).Select(record => record.Text));
    }

    [Fact]
    public async Task Tsv_Quotes_AreText() => Assert.Equal(
        "\"b", Assert.Single(await ReadAsync("x\ty\na\t\"b\n", RecordFormat.Tsv)).Fields!.Find("y"));

    [Theory]
    [InlineData(EncodingErrors.Replace, "a\uFFFDb", false)]
    [InlineData(EncodingErrors.Escape, "a\\xffb", false)]
    [InlineData(EncodingErrors.Fail, "a\uFFFDb", true)]
    public async Task Lines_BytesThatAreNotUtf8_FollowThePolicyAndEndNothing(EncodingErrors policy, string text, bool fails)
    {
        var records = await ReadAsync([(byte)'a', 0xFF, (byte)'b', (byte)'\n', (byte)'c'], new RecordSettings { EncodingErrors = policy });
        Assert.Equal([text, "c"], records.Select(record => record.Text));
        Assert.Equal([fails, false], records.Select(record => record.Problem is not null));
    }

    [Theory]
    [InlineData(RecordFormat.Lines)]
    [InlineData(RecordFormat.Paragraphs)]
    [InlineData(RecordFormat.JsonLines)]
    public async Task AnyFormat_ARecordTooLong_FailsAndTheNextIsRead(RecordFormat format)
    {
        string input = new string('x', 300_000) + "\n\n\"next\"\n";
        var records = await ReadAsync(Encoding.UTF8.GetBytes(input), new RecordSettings { Format = format, MaxRecordBytes = 100_000 });
        Assert.NotNull(records[0].Problem);
        Assert.Equal("\"next\"", records[^1].Text);
    }

    [Fact]
    public async Task Files_NamesOfFiles_AreTheirContents()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "two\nlines", TestContext.Current.CancellationToken);
        var records = await ReadAsync($"{file}\n/no/such/file\n", RecordFormat.Files);
        File.Delete(file);
        Assert.Equal("two\nlines", records[0].Text);
        Assert.NotNull(records[1].Problem);
    }

    [Fact]
    public async Task Lines_ChunksOfAnySize_GiveTheSame()
    {
        var random = new Random(5);
        string input = string.Concat(Enumerable.Range(0, 20_000).Select(i => new string('x', random.Next(40)) + (i % 3 == 0 ? "\r\n" : "\n")));
        var whole = (await ReadAsync(input, RecordFormat.Lines)).Select(record => record.Text);
        var reader = new RecordSettings().Open(new DribblingStream(Encoding.UTF8.GetBytes(input), random));
        Assert.Equal(whole, (await DrainAsync(reader)).Select(record => record.Text));
        Assert.Equal(input.Replace("\r", "", StringComparison.Ordinal).Split('\n')[..^1], whole);
    }

    [Fact]
    public async Task AnyInput_AStreamThatFails_SaysSo()
    {
        var reader = new RecordSettings().Open(new FailingStream());
        var fault = await Assert.ThrowsAsync<PipeException>(async () => await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(PipeFault.Input, fault.Fault);
    }

    private static Task<List<Record>> ReadAsync(string input, RecordFormat format) =>
        ReadAsync(Encoding.UTF8.GetBytes(input), new RecordSettings { Format = format });

    private static Task<List<Record>> ReadAsync(byte[] input, RecordSettings settings) => DrainAsync(settings.Open(new MemoryStream(input)));

    private static async Task<List<Record>> DrainAsync(IRecordReader reader)
    {
        var records = new List<Record>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } record)
            records.Add(record);
        return records;
    }

    private sealed class DribblingStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 200))], cancellationToken);
    }

    private sealed class FailingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("the disk is gone");
    }
}
