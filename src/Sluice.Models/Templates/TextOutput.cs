using System.Buffers;

namespace Sluice.Models.Templates;

/// <summary>
/// The text of a rendering as it grows. A block whose text is captured writes to the same buffer and is cut off its end afterwards, so
/// nested captures need no buffers of their own. Disposed by the rendering that owns it.
/// </summary>
internal sealed class TextOutput(Meter meter) : IDisposable
{
    private char[] _buffer = ArrayPool<char>.Shared.Rent(4096);

    public int Length { get; private set; }

    public void Append(char character)
    {
        Reserve(1);
        _buffer[Length++] = character;
    }

    public void Append(ReadOnlySpan<char> text)
    {
        Reserve(text.Length);
        text.CopyTo(_buffer.AsSpan(Length));
        Length += text.Length;
    }

    public void Append(char character, int count)
    {
        if (count <= 0)
            return;
        Reserve(count);
        _buffer.AsSpan(Length, count).Fill(character);
        Length += count;
    }

    /// <summary>Takes back what was written since the output had this length.</summary>
    public string Cut(int start)
    {
        meter.AllocateText(Length - start);
        string text = new(_buffer, start, Length - start);
        Length = start;
        return text;
    }

    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Reserve(int count)
    {
        long needed = (long)Length + count;
        meter.Step(count >> 6);
        if (needed <= _buffer.Length)
            return;
        if (needed > meter.MaxTextCharacters)
            throw new TemplateFault($"a text grows beyond {meter.MaxTextCharacters} characters (limit MaxTextCharacters)");
        char[] larger = ArrayPool<char>.Shared.Rent((int)Math.Max(needed, Math.Min(_buffer.Length * 2L, meter.MaxTextCharacters)));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
