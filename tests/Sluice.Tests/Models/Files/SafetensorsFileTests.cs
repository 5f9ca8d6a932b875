using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Sluice.Core;
using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Tests.Models.Files;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private SafetensorsFile Open(byte[] bytes) => SafetensorsFile.Open(_folder.Write("m.safetensors", bytes));

    private string Refusal(byte[] bytes)
    {
        string message = Assert.Throws<ModelFileException>(() => Open(bytes)).Message;
        Assert.StartsWith(Path.Combine(_folder.Path, "m.safetensors") + ": ", message);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private string Refusal(string header, int dataBytes) => Refusal(Bytes(header, new byte[dataBytes]));

    internal static byte[] Bytes(string header, params byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        return bytes;
    }

    /// <summary>A small file with some of everything; its header lists the tensors in another order than the data has them.</summary>
    internal static byte[] Sample() => Bytes(
        """
        {"__metadata__":{"format":"pt","note":"\u00fc"},
        "b":{"dtype":"F16","shape":[2,1],"data_offsets":[12,16]},
        "a":{"shape":[3],"data_offsets":[0,12],"dtype":"F32","later":{"x":[1,{}]}},
        "scalar":{"dtype":"U8","shape":[],"data_offsets":[16,17]}}   
        """,
        [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 1, 2, 3, 4, 9]);

    [Fact]
    public void Open_Tensors_HaveShapeAndData()
    {
        using var file = Open(Sample());
        Assert.Equal(["a", "b", "scalar"], file.Tensors.Select(t => t.Name));
        Assert.Equal("ü", file.Metadata["note"]);
        var a = file.Open(file.Find("a")!);
        Assert.Equal((DType.F32, 1L, 3L), (a.Type, a.Rows, a.Cols));
        Assert.Equal([1f, 2f, 3f], MemoryMarshal.Cast<byte, float>(a.Row(0)).ToArray());
        var b = file.Open(file.Find("b")!);
        Assert.Equal((DType.F16, 2L, 1L), (b.Type, b.Rows, b.Cols));
        Assert.Equal(new byte[] { 3, 4 }, b.Row(1).ToArray());
        var scalar = file.Open(file.Find("scalar")!);
        Assert.Equal((DType.U8, 1L, 1L, 9), (scalar.Type, scalar.Rows, scalar.Cols, scalar.Row(0)[0]));
        Assert.Null(file.Find("c"));
    }

    [Theory]
    [InlineData("BOOL", DType.Bool, 8)]
    [InlineData("U8", DType.U8, 8)]
    [InlineData("I8", DType.I8, 8)]
    [InlineData("F8_E4M3", DType.F8_E4M3, 8)]
    [InlineData("F8_E5M2", DType.F8_E5M2, 8)]
    [InlineData("F8_E8M0", DType.F8_E8M0, 8)]
    [InlineData("U16", DType.U16, 16)]
    [InlineData("I16", DType.I16, 16)]
    [InlineData("F16", DType.F16, 16)]
    [InlineData("BF16", DType.BF16, 16)]
    [InlineData("U32", DType.U32, 32)]
    [InlineData("I32", DType.I32, 32)]
    [InlineData("F32", DType.F32, 32)]
    [InlineData("U64", DType.U64, 64)]
    [InlineData("I64", DType.I64, 64)]
    [InlineData("F64", DType.F64, 64)]
    [InlineData("C64", DType.C64, 64)]
    [InlineData("F4", DType.F4, 4)]
    [InlineData("F6_E2M3", DType.F6_E2M3, 6)]
    [InlineData("F6_E3M2", DType.F6_E3M2, 6)]
    public void Open_EveryType_IsRecognised(string name, DType type, int bits)
    {
        int bytes = 2 * 4 * bits / 8;
        using var file = Open(Bytes($$"""{"w":{"dtype":"{{name}}","shape":[2,4],"data_offsets":[0,{{bytes}}] } }""", new byte[bytes]));
        var view = file.Open(file.Find("w")!);
        Assert.Equal((type, 2L, 4L, bytes / 2L), (view.Type, view.Rows, view.Cols, view.RowBytes));
    }

    [Fact]
    public void Open_EmptyTensors_AreAllowed()
    {
        using var file = Open(Bytes(
            """{"e":{"dtype":"F32","shape":[0,4],"data_offsets":[4,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
            new byte[4]));
        Assert.Equal(0, file.Open(file.Find("e")!).Rows);
        using var none = Open(Bytes("{}"));
        Assert.Empty(none.Tensors);
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"Q9","shape":[1],"data_offsets":[0,4]}}""", "dtype 'Q9', which is not known")]
    [InlineData("""{"w":{"dtype":"Q4_0","shape":[32],"data_offsets":[0,18]}}""", "dtype 'Q4_0', which is not known")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1]}}""", "needs a dtype, a shape and two data_offsets")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", "two data_offsets")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "data_offsets [4, 0]")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "holds something else than a size")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "holds something else than a size")]
    [InlineData("""{"w":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", "holds something else than a size")]
    [InlineData("""{"w":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", "holds something else than a size")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "4 bytes of data, which [2] elements of F32")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4611686018427387905,4],"data_offsets":[0,4]}}""", "4 bytes of data")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "the file holds 4 bytes of data")]
    [InlineData("""{"w":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "2 bytes before tensor 'w' belong to no tensor")]
    [InlineData("""{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "2 bytes after the last tensor belong to no tensor")]
    [InlineData("""{"w":{"dtype":7}}""", "dtype of tensor 'w' is no JSON string")]
    [InlineData("""{"w":{"shape":7}}""", "shape of tensor 'w' is no JSON array")]
    [InlineData("""{"w":7}""", "tensor 'w' is no JSON object")]
    [InlineData("""{"__metadata__":{"a":{}}}""", "is no JSON string")]
    [InlineData("""[1]""", "the header is no JSON object")]
    [InlineData("""{"w":""", "no valid JSON")]
    [InlineData("""{} {}""", "no valid JSON")]
    [InlineData("", "no valid JSON")]
    [InlineData("""{"\ud800":{}}""", "no valid JSON")]
    public void Open_BadHeader_IsRefused(string header, string why) => Assert.Contains(why, Refusal(header, 4));

    [Fact]
    public void Open_Overlap_IsRefused()
    {
        const string Header =
            """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""";
        Assert.Contains("'a' and 'b' overlap", Refusal(Header, 4));
    }

    [Fact]
    public void Open_DuplicateName_IsRefused()
    {
        const string Header =
            """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""";
        Assert.Contains("two entries are named 'a'", Refusal(Header, 4));
    }

    [Fact]
    public void Open_DeepUnknownField_IsRefused()
    {
        string nested = new string('[', 100_000) + new string(']', 100_000);
        Assert.Contains("depth", Refusal($$"""{"a":{"x":{{nested}} } }""", 0));
    }

    [Fact]
    public void Open_EveryTruncation_IsRefused()
    {
        byte[] whole = Sample();
        for (int length = 0; length < whole.Length; length++)
            Refusal(whole[..length]);
    }
}
