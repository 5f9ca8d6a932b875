using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sluice.Core;
using Sluice.Core.Errors;
using Sluice.Core.Quant;
using Sluice.Models.Files;

namespace Sluice.Tests.Models.Files;

public sealed class GgufFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private GgufFile Open(GgufBuilder builder) => Open(builder.Build());

    private GgufFile Open(byte[] bytes) => GgufFile.Open(_folder.Write("m.gguf", bytes));

    private string Refusal(GgufBuilder builder) => Refusal(builder.Build());

    private string Refusal(byte[] bytes)
    {
        string message = Assert.Throws<ModelFileException>(() => Open(bytes)).Message;
        Assert.StartsWith(Path.Combine(_folder.Path, "m.gguf") + ": ", message);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    [Theory]
    [InlineData(2u, 32)]
    [InlineData(3u, 32)]
    [InlineData(3u, 64)]
    [InlineData(3u, 8)]
    public void Open_Tensors_HaveShapeAndData(uint version, int alignment)
    {
        using var file = Open(new GgufBuilder { Version = version, Alignment = alignment }
            .Key("general.alignment", (uint)alignment)
            .F32Tensor("vector", 1, 2, 3)
            .Tensor("matrix", [2, 3], 24, [1, 2, 3, 4, 5, 6])
            .Tensor("experts", [1, 2, 4], 24, [1, 2, 3, 4, 5, 6, 7, 8])
            .Tensor("scalar", [], 0, [0, 0, 0x80, 0x3F]));
        Assert.Equal(["vector", "matrix", "experts", "scalar"], file.Tensors.Select(t => t.Name));
        Assert.All(file.Tensors, t => Assert.Equal(0, t.Offset % alignment));

        var vector = file.Open(file.Find("vector")!);
        Assert.Equal((1, 3), (vector.Rows, vector.Cols));
        Assert.Equal([1f, 2f, 3f], MemoryMarshal.Cast<byte, float>(vector.Row(0)).ToArray());

        Assert.Equal([3L, 2L], file.Find("matrix")!.Shape);
        var matrix = file.Open(file.Find("matrix")!);
        Assert.Equal((3, 2), (matrix.Rows, matrix.Cols));
        Assert.Equal(new byte[] { 5, 6 }, matrix.Row(2).ToArray());

        Assert.Equal([4L, 2L, 1L], file.Find("experts")!.Shape);
        Assert.Equal(8, file.Open(file.Find("experts")!).Rows);
        Assert.Equal([1L], file.Find("scalar")!.Shape);
        Assert.Equal(1f, MemoryMarshal.Cast<byte, float>(file.Open(file.Find("scalar")!).Row(0))[0]);
        Assert.Null(file.Find("absent"));
    }

    public static TheoryData<DType> GgufTypes => [.. Enum.GetValues<DType>().Where(t => t < DType.Bool)];

    [Theory]
    [MemberData(nameof(GgufTypes))]
    public void Open_EveryType_IsRecognised(DType type)
    {
        var format = BlockFormats.Of(type);
        using var file = Open(new GgufBuilder()
            .Tensor("w", [(ulong)format.BlockElements * 2, 3], (uint)type, new byte[format.BlockBytes * 6]));
        var view = file.Open(file.Find("w")!);
        Assert.Equal((type, 3L, format.BlockBytes * 2L), (view.Type, view.Rows, view.RowBytes));
    }

    [Theory]
    [InlineData(4u)] // once Q4_2, long removed
    [InlineData(43u)]
    [InlineData((uint)DType.U8)] // a type that only safetensors files have
    [InlineData(uint.MaxValue)]
    public void Open_UnknownType_IsRefused(uint code) =>
        Assert.Contains($"tensor 'w' has type code {code}", Refusal(new GgufBuilder().Tensor("w", [32], code, new byte[256])));

    [Theory]
    [InlineData(0u, "unknown GGUF version 0")]
    [InlineData(1u, "version 1 is not read; convert")]
    [InlineData(4u, "unknown GGUF version 4")]
    [InlineData(0x0300_0000u, "big-endian")]
    public void Open_OtherVersion_IsRefused(uint version, string why) =>
        Assert.Contains(why, Refusal(new GgufBuilder { Version = version }.Key("a", 1u)));

    [Fact]
    public void Open_VocabularyOnly_HasNoTensors()
    {
        using var file = Open(new GgufBuilder().Strings("tokens", "a"u8.ToArray()));
        Assert.Empty(file.Tensors);
        Assert.Equal(["a"], file.Metadata.Strings("tokens")!);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData(0x8000_0000u)]
    public void Open_BadAlignment_IsRefused(uint alignment) =>
        Assert.Contains($"'general.alignment' is {alignment}", Refusal(new GgufBuilder().Key("general.alignment", alignment)));

    [Fact]
    public void Open_BadShape_IsRefused()
    {
        Assert.Contains("dimension of 0", Refusal(new GgufBuilder().Tensor("w", [0], 0, [])));
        Assert.Contains("5 dimensions", Refusal(new GgufBuilder().Tensor("w", [1, 1, 1, 1, 1], 0, new byte[4])));
        Assert.Contains("blocks of Q8_0", Refusal(new GgufBuilder().Tensor("w", [33], (uint)DType.Q8_0, new byte[68])));
        Assert.Contains("too large", Refusal(new GgufBuilder().Tensor("w", [1ul << 62, 2], 0, new byte[64])));
        // 2^62 elements count in 64 bits, their bytes do not.
        Assert.Contains("too large", Refusal(new GgufBuilder().Tensor("w", [1ul << 62], 0, new byte[64])));
        Assert.Contains("dimension of 9223372036854775808", Refusal(new GgufBuilder().Tensor("w", [1ul << 63], 0, new byte[64])));
    }

    [Fact]
    public void Open_BadOffset_IsRefused()
    {
        var data = new byte[64];
        Assert.Contains("no multiple of 32", Refusal(new GgufBuilder().Tensor("w", [16], 0, data, offset: 16)));
        Assert.Contains("past the end", Refusal(new GgufBuilder().Tensor("w", [16], 0, data, offset: 32)));
        Assert.Contains("past the end", Refusal(new GgufBuilder().Tensor("w", [16], 0, data, offset: ulong.MaxValue - 31)));
        Assert.Contains(
            "'a' and 'b' overlap", Refusal(new GgufBuilder().Tensor("a", [16], 0, data).Tensor("b", [16], 0, data, offset: 32)));
        Assert.Contains("overlap", Refusal(new GgufBuilder().Tensor("a", [16], 0, data).Tensor("b", [8], 0, data, offset: 0)));
    }

    [Fact]
    public void Open_DuplicateName_IsRefused()
    {
        Assert.Contains("two tensors are named 'w'", Refusal(new GgufBuilder().F32Tensor("w", 1).F32Tensor("w", 2)));
        Assert.Contains("key 'k' is there twice", Refusal(new GgufBuilder().Key("k", 1u).Key("k", 2u)));
    }

    [Fact]
    public void Open_HostileName_IsShownOnOneLine()
    {
        Assert.Contains(@"'a\nb\u001b[2J' has type code 99", Refusal(new GgufBuilder().Tensor("a\nb\u001b[2J", [1], 99, new byte[4])));
        Assert.Contains("is not UTF-8", Refusal(Patched(new GgufBuilder().Key("k", 1u).Build(), 24 + 8, 0xFF)));
        Assert.Contains("unknown kind 13", Refusal(new GgufBuilder().Key("k", 13, w => w.Write(0L))));
    }

    [Fact]
    public void Open_EveryTruncation_IsRefused()
    {
        byte[] whole = Sample().Build();
        using (var file = Open(whole))
            Assert.Equal(2, file.Tensors.Count);
        long dataEnd = whole.Length;
        while (whole[dataEnd - 1] == 0)
            dataEnd--; // the padding after the last tensor may be missing
        for (int length = 0; length < dataEnd; length++)
            Refusal(whole[..length]);
    }

    [Fact]
    public void Open_CountsBeyondTheFile_AllocateNothing()
    {
        byte[] bytes = Sample().Build();
        foreach (int at in new[] { 8, 16 })
        {
            byte[] bad = [.. bytes];
            BinaryPrimitives.WriteInt64LittleEndian(bad.AsSpan(at), 1L << 60);
            string path = _folder.Write("m.gguf", bad);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<ModelFileException>(() => GgufFile.Open(path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }
    }

    [Fact]
    public void Open_NoSuchFile_IsRefused() =>
        Assert.Contains("nothing.gguf: cannot be opened", Assert.Throws<ModelFileException>(() => GgufFile.Open("nothing.gguf")).Message);

    /// <summary>A small file with some of everything.</summary>
    internal static GgufBuilder Sample() => new GgufBuilder()
        .Key("general.architecture", "llama")
        .Key("general.alignment", 32u)
        .Key("llama.block_count", 2u)
        .Key("eps", 1e-5f)
        .Strings("tokenizer.ggml.tokens", "<s>"u8.ToArray(), "a"u8.ToArray(), "bc"u8.ToArray())
        .ArrayKey("scores", GgufBuilder.F32, 3, w => { w.Write(0f); w.Write(-1f); w.Write(-2f); })
        .ArrayKey("nested", GgufBuilder.Arr, 1, w => { w.Write(GgufBuilder.U8); w.Write(2ul); w.Write((ushort)1); })
        .F32Tensor("norm", 1, 2, 3, 4)
        .Tensor("w", [32, 2], (uint)DType.Q8_0, [.. Enumerable.Repeat((byte)0x11, 68)]);

    private static byte[] Patched(byte[] bytes, int at, byte value)
    {
        bytes[at] = value;
        return bytes;
    }
}
