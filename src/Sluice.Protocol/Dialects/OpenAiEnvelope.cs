using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// What surrounds the choices of one answer: id, kind, time and model before them, usage after them; as a body or as a frame of a stream.
/// One JSON writer serves all frames, so a frame allocates nothing.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The writer owns nothing: it borrows the buffer of the frame at hand.")]
internal sealed class OpenAiEnvelope
{
    /// <summary>What ends a stream.</summary>
    public static readonly byte[] EndMark = Encoding.ASCII.GetBytes("data: [DONE]\n\n");

    private readonly Utf8JsonWriter _json = new(Stream.Null, OpenAiJson.WriterOptions);
    private readonly JsonEncodedText _id;
    private readonly JsonEncodedText _model;
    private readonly long _created;
    private readonly bool _includeUsage;

    /// <param name="idPrefix">What the dialect puts before an answer's id.</param>
    /// <param name="includeUsage">Whether a stream ends with usage; all its other frames then say that theirs is null.</param>
    public OpenAiEnvelope(string idPrefix, AnswerInfo answer, bool includeUsage)
    {
        _id = JsonEncodedText.Encode(idPrefix + answer.Id, OpenAiJson.WriterOptions.Encoder);
        _model = JsonEncodedText.Encode(answer.Model, OpenAiJson.WriterOptions.Encoder);
        _created = answer.Created.ToUnixTimeSeconds();
        _includeUsage = includeUsage;
    }

    /// <summary>Opens the array of choices of a whole answer.</summary>
    public Utf8JsonWriter OpenBody(ReadOnlySpan<byte> kind, IBufferWriter<byte> output)
    {
        _json.Reset(output);
        return Open(kind);
    }

    public void CloseBody(Usage? usage)
    {
        _json.WriteEndArray();
        if (usage is not null)
            OpenAiJson.WriteUsage(_json, usage);
        _json.WriteEndObject();
        _json.Flush();
    }

    /// <summary>Opens the array of choices of a frame.</summary>
    public Utf8JsonWriter OpenFrame(ReadOnlySpan<byte> kind, IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        _json.Reset(output);
        return Open(kind);
    }

    public void CloseFrame(IBufferWriter<byte> output)
    {
        _json.WriteEndArray();
        if (_includeUsage)
            _json.WriteNull("usage"u8);
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n\n"u8);
    }

    /// <summary>Ends a stream: usage, if the client asked for it, and the mark.</summary>
    public void WriteEnd(ReadOnlySpan<byte> kind, Usage? usage, IBufferWriter<byte> output)
    {
        if (_includeUsage && usage is not null)
        {
            OpenFrame(kind, output);
            CloseBody(usage);
            output.Write("\n\n"u8);
        }
        output.Write(EndMark);
    }

    /// <summary>An error instead of the end: no mark follows, because the answer is not whole.</summary>
    public static void WriteStreamError(ApiError fault, IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        OpenAiErrors.WriteBody(fault, output);
        output.Write("\n\n"u8);
    }

    private Utf8JsonWriter Open(ReadOnlySpan<byte> kind)
    {
        _json.WriteStartObject();
        _json.WriteString("id"u8, _id);
        _json.WriteString("object"u8, kind);
        _json.WriteNumber("created"u8, _created);
        _json.WriteString("model"u8, _model);
        _json.WriteStartArray("choices"u8);
        return _json;
    }
}
