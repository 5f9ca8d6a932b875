using System.Buffers;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>
/// Looks at the frames of a stream that is relayed as bytes: finds usage, end and errors, and takes off what the client did not ask for.
/// A run in which there is nothing to take off passes as it is.
/// </summary>
/// <param name="strip">Whether usage was asked for on our account, so that the client shall not see it.</param>
internal sealed class RelayWatch(RelayForm form, bool strip)
{
    private ArrayBufferWriter<byte>? _kept;

    public UsageTally Usage { get; } = new();

    /// <summary>Whether the stream said that it is over.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether a choice said why it ended; who says so and then closes the stream without the mark has answered whole.</summary>
    public bool Finished { get; private set; }

    /// <summary>Whether anything but comments came.</summary>
    public bool Begun { get; private set; }

    /// <summary>What of a run goes to the client; valid until the next call and as long as the run.</summary>
    /// <exception cref="SourceException">The source reports in the stream that it failed.</exception>
    public ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> run)
    {
        int at = 0;
        bool edited = false;
        foreach (ReadOnlySpan<byte> frame in new SseFrames(run.Span))
        {
            ReadOnlySpan<byte> nulls = default;
            bool keep = !Ended && Inspect(frame, out nulls);
            if ((!keep || !nulls.IsEmpty) && !edited)
            {
                edited = true;
                (_kept ??= new ArrayBufferWriter<byte>()).ResetWrittenCount();
                _kept.Write(run.Span[..at]);
            }
            if (keep && edited)
                Keep(frame, nulls);
            at += frame.Length;
        }
        return edited ? _kept!.WrittenMemory : run;
    }

    /// <summary>Takes what is left at the end of a stream: some sources leave out the blank line after the mark.</summary>
    public void TakeRest(ReadOnlySpan<byte> rest)
    {
        if (form == RelayForm.OpenAi)
            Ended |= rest.Trim(" \r\n"u8).SequenceEqual("data: [DONE]"u8);
    }

    private bool Inspect(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> nulls)
    {
        nulls = default;
        ReadOnlySpan<byte> data = SseFrames.DataOf(frame);
        if (data.IsEmpty)
            return Begun; // comments before the answer would commit us to a source that has not begun
        if (data.StartsWith("[DONE]"u8))
        {
            Ended = true;
            return false;
        }
        RefuseError(data);
        Begun = true;
        if (form == RelayForm.Anthropic)
        {
            Usage.Scan(data);
            Ended = data.IndexOf("\"message_stop\""u8) >= 0;
            return true;
        }
        Finished |= data.IndexOf("\"finish_reason\":\""u8) >= 0 || data.IndexOf("\"finish_reason\": \""u8) >= 0;
        if (data.IndexOf("\"usage\""u8) < 0)
            return true;
        Usage.Scan(data);
        if (!strip)
            return true;
        nulls = NullUsage(data);
        return !nulls.IsEmpty || (data.IndexOf("\"choices\":[]"u8) < 0 && data.IndexOf("\"choices\": []"u8) < 0);
    }

    private static void RefuseError(ReadOnlySpan<byte> data)
    {
        bool error = data.StartsWith("{\"error\":"u8) && !data.StartsWith("{\"error\":null"u8)
            || data.StartsWith("{\"object\":\"error\""u8) || data.StartsWith("{\"type\":\"error\""u8) || data.StartsWith("{\"type\": \"error\""u8);
        if (error)
            throw UpstreamFaults.InStream(data);
    }

    // ,"usage":null as OpenAI writes it beside every chunk once usage was asked for.
    private static ReadOnlySpan<byte> NullUsage(ReadOnlySpan<byte> data) =>
        data.IndexOf(",\"usage\":null"u8) >= 0 ? ",\"usage\":null"u8
        : data.IndexOf("\"usage\":null,"u8) >= 0 ? "\"usage\":null,"u8
        : data.IndexOf(", \"usage\": null"u8) >= 0 ? ", \"usage\": null"u8
        : default;

    private void Keep(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> without)
    {
        int at = without.IsEmpty ? -1 : frame.IndexOf(without);
        if (at < 0)
        {
            _kept!.Write(frame);
            return;
        }
        _kept!.Write(frame[..at]);
        _kept!.Write(frame[(at + without.Length)..]);
    }
}
