using System.Text.Json;
using Sluice.Core;
using Sluice.Core.Quant;

namespace Sluice.Golden;

public class DequantTests
{
    public static TheoryData<DType> Types() => [.. RowDecoders.Types.Where(t => t != DType.F32)];

    [Theory, MemberData(nameof(Types))]
    public void DecodeRow_ReferenceBlocks_BitExact(DType type)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require($"models/dequant/{type}.json")));
        Assert.Equal((int)type, file.RootElement.GetProperty("ggml_type_id").GetInt32());
        Assert.True(RowDecoders.TryGet(type, out var decode));
        int cases = 0;
        foreach (var item in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            byte[] raw = item.GetProperty("raw_b64").GetBytesFromBase64();
            byte[] expected = item.GetProperty("values_f32_b64").GetBytesFromBase64();
            var values = new float[expected.Length / sizeof(float)];
            decode(raw, values);
            for (int i = 0; i < values.Length; i++)
                Assert.Equal(BitConverter.ToInt32(expected, i * sizeof(float)), BitConverter.SingleToInt32Bits(values[i]));
            cases++;
        }
        Assert.True(cases > 0);
    }
}
