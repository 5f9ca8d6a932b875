using System.Buffers;
using System.Text;

namespace Sluice.Pipe.Output;

/// <summary>Text into bytes, as UTF-8.</summary>
internal static class Bytes
{
    public static void WriteText(this IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);

    public static void WriteLine(this IBufferWriter<byte> output, string text)
    {
        output.WriteText(text);
        output.Write("\n"u8);
    }
}
