namespace Sluice.Gateway.Sources;

/// <summary>The frames of a run of server-sent events, one after the other.</summary>
public ref struct SseFrames(ReadOnlySpan<byte> run)
{
    private ReadOnlySpan<byte> _rest = run;

    /// <summary>The frame at hand, its blank line included.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly SseFrames GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        int end = EndOfFirstFrame(_rest);
        Current = _rest[..end];
        _rest = _rest[end..];
        return true;
    }

    /// <summary>What a frame says: its data, of which several lines are joined, and empty where it is but a comment.</summary>
    public static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> data = default;
        byte[]? joined = null;
        foreach (Range line in frame.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> text = frame[line];
            if (!text.StartsWith("data:"u8))
                continue;
            text = text["data:".Length..].Trim(" \r"u8);
            joined = data.IsEmpty ? joined : [.. joined ?? data.ToArray(), (byte)'\n', .. text];
            data = joined ?? text;
        }
        return data;
    }

    private static int EndOfFirstFrame(ReadOnlySpan<byte> run)
    {
        int at = 0;
        while (run[at..].IndexOf((byte)'\n') is var line and >= 0)
        {
            at += line + 1;
            ReadOnlySpan<byte> next = run[at..];
            if (next is [(byte)'\n', ..])
                return at + 1;
            if (next is [(byte)'\r', (byte)'\n', ..])
                return at + 2;
        }
        return run.Length;
    }
}
