using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Sluice.Pipe.Records;

/// <summary>Turns a record's bytes into text under a policy for bytes that are not UTF-8.</summary>
internal static class RecordText
{
    /// <param name="problem">Set where the policy is to fail and a byte is not UTF-8.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, EncodingErrors policy, out string? problem)
    {
        problem = null;
        if (Utf8.IsValid(bytes) || policy == EncodingErrors.Replace)
            return Encoding.UTF8.GetString(bytes);
        if (policy == EncodingErrors.Escape)
            return Escape(bytes);
        problem = $"byte {FirstBad(bytes)} of the record is not UTF-8 (--encoding-errors replace or escape would let it pass)";
        return Encoding.UTF8.GetString(bytes);
    }

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length + 16);
        while (bytes.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed);
            if (status == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (byte bad in bytes[..consumed])
                    text.Append(CultureInfo.InvariantCulture, $"\\x{bad:x2}");
            }
            bytes = bytes[consumed..];
        }
        return text.ToString();
    }

    private static int FirstBad(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out int consumed) == System.Buffers.OperationStatus.Done)
            at += consumed;
        return at;
    }
}
