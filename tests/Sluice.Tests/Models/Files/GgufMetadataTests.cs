using System.Diagnostics;
using System.Text;
using Sluice.Core.Errors;
using Sluice.Models.Files;
using static Sluice.Tests.Models.Files.GgufBuilder;

namespace Sluice.Tests.Models.Files;

public sealed class GgufMetadataTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private GgufFile Open(GgufBuilder builder) => GgufFile.Open(_folder.Write("m.gguf", builder.Build()));

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Getters_EveryKind_GiveTheStoredValue(uint version)
    {
        using var file = Open(new GgufBuilder { Version = version }
            .Key("u8", U8, w => w.Write((byte)200))
            .Key("i8", I8, w => w.Write((sbyte)-100))
            .Key("u16", U16, w => w.Write((ushort)60000))
            .Key("i16", I16, w => w.Write((short)-30000))
            .Key("u32", U32, w => w.Write(4_000_000_000u))
            .Key("i32", I32, w => w.Write(-2_000_000_000))
            .Key("f32", F32, w => w.Write(1.5f))
            .Key("yes", Bool, w => w.Write((byte)1))
            .Key("no", Bool, w => w.Write((byte)0))
            .Key("text", "ölwechsel")
            .Key("u64", U64, w => w.Write(9_000_000_000_000_000_000ul))
            .Key("i64", I64, w => w.Write(-9_000_000_000_000_000_000L))
            .Key("f64", F64, w => w.Write(0.1)));
        var m = file.Metadata;
        Assert.Equal((int)version, file.Version);
        Assert.Equal(200, m.Integer("u8"));
        Assert.Equal(-100, m.Integer("i8"));
        Assert.Equal(60000, m.Integer("u16"));
        Assert.Equal(-30000, m.Integer("i16"));
        Assert.Equal(4_000_000_000, m.Integer("u32"));
        Assert.Equal(-2_000_000_000, m.Integer("i32"));
        Assert.Equal(1.5, m.Float("f32"));
        Assert.True(m.Bool("yes"));
        Assert.False(m.Bool("no"));
        Assert.Equal("ölwechsel", m.String("text"));
        Assert.Equal(9_000_000_000_000_000_000, m.Integer("u64"));
        Assert.Equal(-9_000_000_000_000_000_000, m.Integer("i64"));
        Assert.Equal(0.1, m.Float("f64"));
        Assert.Equal(-30000.0, m.Float("i16"));
        Assert.Equal(-2_000_000_000, Assert.Single(m.Integers("i32")!));
    }

    [Fact]
    public void Getters_ArraysOfEveryKind_GiveTheStoredValues()
    {
        using var file = Open(new GgufBuilder()
            .ArrayKey("u8", U8, 2, w => w.Write((ReadOnlySpan<byte>)[1, 255]))
            .ArrayKey("i8", I8, 2, w => w.Write((ReadOnlySpan<byte>)[1, 255]))
            .ArrayKey("u16", U16, 2, w => { w.Write((ushort)1); w.Write((ushort)65535); })
            .ArrayKey("i16", I16, 2, w => { w.Write((short)1); w.Write((short)-1); })
            .ArrayKey("u32", U32, 2, w => { w.Write(1u); w.Write(2_147_483_647u); })
            .ArrayKey("i32", I32, 2, w => { w.Write(1); w.Write(int.MinValue); })
            .ArrayKey("u64", U64, 1, w => w.Write(7ul))
            .ArrayKey("i64", I64, 1, w => w.Write(-7L))
            .ArrayKey("f32", F32, 2, w => { w.Write(0.5f); w.Write(-1000f); })
            .ArrayKey("f64", F64, 1, w => w.Write(0.25))
            .ArrayKey("bool", Bool, 3, w => w.Write((ReadOnlySpan<byte>)[1, 0, 1]))
            .ArrayKey("none", F32, 0, _ => { }));
        var m = file.Metadata;
        Assert.Equal([1, 255], m.Integers("u8")!);
        Assert.Equal([1, -1], m.Integers("i8")!);
        Assert.Equal([1, 65535], m.Integers("u16")!);
        Assert.Equal([1, -1], m.Integers("i16")!);
        Assert.Equal([1, int.MaxValue], m.Integers("u32")!);
        Assert.Equal([1, int.MinValue], m.Integers("i32")!);
        Assert.Equal([7], m.Integers("u64")!);
        Assert.Equal([-7], m.Integers("i64")!);
        Assert.Equal([0.5f, -1000f], m.Floats("f32")!);
        Assert.Equal([0.25f], m.Floats("f64")!);
        Assert.Equal([1f, 65535f], m.Floats("u16")!);
        Assert.Equal([true, false, true], m.Bools("bool")!);
        Assert.Empty(m.Floats("none")!);
        Assert.True(m.IsArray("u8"));
        Assert.False(m.IsArray("absent"));
    }

    [Fact]
    public void Getters_AbsentKey_IsNullOrRefusedByName()
    {
        using var file = Open(new GgufBuilder().Key("there", 1u));
        var m = file.Metadata;
        Assert.True(m.Contains("there"));
        Assert.False(m.Contains("gone"));
        Assert.Null(m.String("gone"));
        Assert.Null(m.Integer("gone"));
        Assert.Null(m.Float("gone"));
        Assert.Null(m.Bool("gone"));
        Assert.Null(m.Strings("gone"));
        Assert.Null(m.Floats("gone"));
        Assert.Null(m.Integers("gone"));
        Assert.Equal($"{file.Path}: missing key 'gone'", Assert.Throws<ModelFileException>(() => m.RequireInteger("gone")).Message);
    }

    [Fact]
    public void Getters_AnotherKind_NameKeyFoundAndExpected()
    {
        using var file = Open(new GgufBuilder().Key("layers", "two").Key("name", 7u).ArrayKey("list", U8, 1, w => w.Write((byte)1)));
        var m = file.Metadata;
        static string Message(Func<object?> get) => Assert.Throws<ModelFileException>(get).Message;
        Assert.Contains("key 'layers' is string, expected an integer", Message(() => m.Integer("layers")));
        Assert.Contains("key 'name' is u32, expected a string", Message(() => m.String("name")));
        Assert.Contains("key 'list' is u8[1], expected a number", Message(() => m.Float("list")));
        Assert.Contains("key 'name' is u32, expected a bool", Message(() => m.Bool("name")));
        Assert.Contains("key 'layers' is string, expected an array of strings", Message(() => m.Strings("layers")));
        Assert.Contains("key 'layers' is string, expected an array of numbers", Message(() => m.Floats("layers")));
        Assert.Contains("key 'list' is u8[1], expected an array of bools", Message(() => m.Bools("list")));
    }

    [Fact]
    public void Integers_TooLarge_AreRefused()
    {
        using var file = Open(new GgufBuilder()
            .Key("huge", U64, w => w.Write(ulong.MaxValue))
            .ArrayKey("wide", U32, 2, w => { w.Write(1u); w.Write(uint.MaxValue); }));
        Assert.Contains("'huge'", Assert.Throws<ModelFileException>(() => file.Metadata.Integer("huge")).Message);
        Assert.Contains("at index 1", Assert.Throws<ModelFileException>(() => file.Metadata.Integers("wide")).Message);
    }

    [Fact]
    public void Strings_ArbitraryBytes_AreGivenAsStored()
    {
        using var file = Open(new GgufBuilder().Strings("tokens", "<s>"u8.ToArray(), [0xE2, 0x96], [], "é"u8.ToArray()));
        var tokens = file.Metadata.RequireStrings("tokens");
        Assert.Equal(["<s>", "\uFFFD", "", "é"], tokens);
        Assert.Equal(4, tokens.Count);
        Assert.Equal(new byte[] { 0xE2, 0x96 }, tokens.Bytes(1).ToArray());
        Assert.Throws<IndexOutOfRangeException>(() => tokens[4]);
    }

    [Fact]
    public void Arrays_Nested_AreReadOver()
    {
        using var file = Open(new GgufBuilder()
            .ArrayKey("nested", Arr, 2, w =>
            {
                Inner(w, U16, 1, () => w.Write((ushort)9));
                Inner(w, Str, 2, () => { Text(w, "a"); Text(w, "b"); });
            })
            .Key("after", 42u));
        Assert.Equal(42, file.Metadata.Integer("after"));
        Assert.Equal(new MetadataEntry("nested", "array[2]", "[…]"), file.Metadata.Entries.First());
    }

    [Fact]
    public void Arrays_NestedTooDeep_AreRefused()
    {
        static void Nest(BinaryWriter w, int depth)
        {
            if (depth > 0)
                Inner(w, Arr, 1, () => Nest(w, depth - 1));
            else
                Inner(w, U8, 0, () => { });
        }
        var builder = new GgufBuilder().Key("deep", Arr, w => Nest(w, 8));
        Assert.Contains("deeper than 8", Assert.Throws<ModelFileException>(() => Open(builder)).Message);
        using var file = Open(new GgufBuilder().Key("deep", Arr, w => Nest(w, 7)));
        Assert.True(file.Metadata.IsArray("deep"));
    }

    [Fact]
    public void Entries_Listed_ShowKindAndShortValue()
    {
        using var file = Open(new GgufBuilder()
            .Key("general.name", "two\nlines \u001b[31m")
            .Key("long", new string('x', 500))
            .Key("eps", 0.00001f)
            .Key("on", Bool, w => w.Write((byte)1))
            .ArrayKey("sizes", I32, 10, w => { for (int i = 0; i < 10; i++) w.Write(-i); })
            .Strings("tokens", "a"u8.ToArray(), "b"u8.ToArray()));
        Assert.Equal(
            [
                new MetadataEntry("general.name", "string", "two\\nlines \\u001b[31m"),
                new MetadataEntry("long", "string", new string('x', 80) + "…"),
                new MetadataEntry("eps", "f32", "1E-05"),
                new MetadataEntry("on", "bool", "true"),
                new MetadataEntry("sizes", "i32[10]", "[0, -1, -2, -3, -4, -5, -6, -7, …]"),
                new MetadataEntry("tokens", "string[2]", "['a', 'b']"),
            ],
            file.Metadata.Entries);
        Assert.Equal(["general.name", "long", "eps", "on", "sizes", "tokens"], file.Metadata.Keys);
    }

    [Fact]
    public void Open_VocabularyOf150000_IsQuickAndSmall()
    {
        byte[][] tokens = [.. Enumerable.Range(0, 150_000).Select(i => Encoding.UTF8.GetBytes($"token{i}"))];
        string path = _folder.Write("vocab.gguf", new GgufBuilder().Strings("tokens", tokens).Strings("merges", tokens).Build());
        GgufFile.Open(path).Dispose(); // compile
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var file = GgufFile.Open(path);
        var read = file.Metadata.RequireStrings("tokens");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8L * tokens.Length + 100_000); // an offset each
        Assert.InRange(clock.ElapsedMilliseconds, 0, 1000); // takes about 4 ms; the guard is for a busy machine
        Assert.Equal("token149999", read[149_999]);
        Assert.Equal(150_000, read.Count);
    }

    [Fact]
    public void Values_AfterDispose_AreRefused()
    {
        var file = Open(new GgufBuilder().Key("name", "x"));
        var metadata = file.Metadata;
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => metadata.String("name"));
    }

    private static void Inner(BinaryWriter w, uint element, ulong count, Action elements)
    {
        w.Write(element);
        w.Write(count);
        elements();
    }
}
