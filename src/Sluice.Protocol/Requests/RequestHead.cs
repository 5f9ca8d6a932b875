using System.Text;
using System.Text.Json;
using Sluice.Protocol.Dialects;

namespace Sluice.Protocol.Requests;

/// <summary>
/// What every source must know of a body, found in one pass that makes no document: which model, and how the answer is to come. All else
/// is the business of the source that is chosen: a local one parses the whole view, a remote one forwards the bytes.
/// </summary>
public sealed record RequestHead
{
    private static readonly byte[] AskAlone = Encoding.ASCII.GetBytes("\"stream_options\":{\"include_usage\":true},");
    private static readonly byte[] AskObject = Encoding.ASCII.GetBytes("{\"include_usage\":true}");
    private static readonly byte[] AskField = Encoding.ASCII.GetBytes("\"include_usage\":true,");
    private static readonly byte[] AskOnlyField = Encoding.ASCII.GetBytes("\"include_usage\":true");
    private static readonly byte[] Yes = Encoding.ASCII.GetBytes("true");

    private static readonly string[] Fields = ["model", "stream", "stream_options", "max_tokens", "max_completion_tokens"];
    private static readonly string[] OptionFields = ["include_usage"];

    // Longest name that can stand for one of them: each of its letters as a \u escape.
    private const int LongestFieldBytes = 6 * 21;

    /// <summary>The public model name; never empty.</summary>
    public required string Model { get; init; }

    /// <summary>Where the model's name lies in the body, its quotes included, so that it can be replaced.</summary>
    public required Range ModelAt { get; init; }

    public bool Stream { get; init; }

    /// <summary>Whether the client wants a stream to tell its usage.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Most tokens of the answer, where the client said so in a way that can be counted with; whoever answers checks it.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>The change by which a stream in one of OpenAI's dialects tells its usage although the client did not ask.</summary>
    public BodySplice AskUsage { get; init; }

    /// <summary>Checks that the body is one JSON object in UTF-8 and reads its head.</summary>
    /// <exception cref="InvalidRequestException">It is not, a field of the head is wrong, or it is there twice.</exception>
    public static RequestHead Parse(ReadOnlyMemory<byte> body)
    {
        JsonBody.RequireText(body);
        try
        {
            return new HeadReader(body.Span).Read();
        }
        catch (JsonException fault)
        {
            throw JsonBody.Broken(fault);
        }
    }

    private ref struct HeadReader(ReadOnlySpan<byte> body)
    {
        private Utf8JsonReader _json = new(body, JsonBody.ReaderOptions);
        private string? _model;
        private Range _modelAt;
        private bool? _stream;
        private int? _maxTokens;
        private bool _includeUsage;
        private bool _optionsSeen;
        private BodySplice _askUsage;

        public RequestHead Read()
        {
            _json.Read();
            if (_json.TokenType != JsonTokenType.StartObject)
                throw new InvalidRequestException("The body must be a JSON object.", code: "invalid_type");
            _askUsage = new BodySplice((int)_json.BytesConsumed, 0, AskAlone);
            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
                ReadField();
            _json.Read(); // nothing may follow the object
            return new RequestHead
            {
                Model = _model ?? throw FieldError.Missing("model"),
                ModelAt = _modelAt,
                Stream = _stream ?? false,
                IncludeUsage = _includeUsage,
                MaxTokens = _maxTokens,
                AskUsage = _askUsage,
            };
        }

        private void ReadField()
        {
            if (Is("model"u8))
                ReadModel();
            else if (Is("stream"u8))
                ReadStream();
            else if (Is("stream_options"u8))
                ReadStreamOptions();
            else if (Is("max_tokens"u8) || Is("max_completion_tokens"u8))
                ReadMaxTokens();
            else
                SkipOther(Fields);
        }

        /// <summary>Skips a field, unless a reader that does not tell upper case from lower would take it for one of ours.</summary>
        private void SkipOther(string[] ours)
        {
            if (_json.ValueSpan.Length <= LongestFieldBytes)
            {
                Span<char> name = stackalloc char[LongestFieldBytes];
                name = name[.._json.CopyString(name)];
                // Two letters beyond ASCII whose other case is in it; Go's reader takes them for it.
                name.Replace('\u017f', 's');
                name.Replace('\u212a', 'k');
                foreach (string field in ours)
                {
                    if (name.Equals(field, StringComparison.OrdinalIgnoreCase))
                        throw new InvalidRequestException(
                            $"The body has a field that differs from '{field}' in upper and lower case only; write '{field}'.",
                            field, "invalid_json");
                }
            }
            _json.Skip();
        }

        private void ReadModel()
        {
            RefuseSecond(_modelAt.End.Value > 0, "model");
            _json.Read();
            int start = (int)_json.TokenStartIndex;
            if (_json.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                throw FieldError.WrongType(JsonElement.ParseValue(ref _json), "model", "a string");
            _modelAt = start..(int)_json.BytesConsumed;
            _model = JsonBody.TextOf(ref _json) is { Length: > 0 } name ? name : throw FieldError.Missing("model");
        }

        private void ReadStream()
        {
            RefuseSecond(_stream is not null, "stream");
            _json.Read();
            _stream = ReadBoolean("stream") ?? false;
        }

        private void ReadMaxTokens()
        {
            _json.Read();
            if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out int tokens))
                _maxTokens = tokens;
            else
                _json.Skip();
        }

        private void ReadStreamOptions()
        {
            RefuseSecond(_optionsSeen, "stream_options");
            _optionsSeen = true;
            _json.Read();
            int start = (int)_json.TokenStartIndex;
            if (_json.TokenType == JsonTokenType.Null)
            {
                _askUsage = new BodySplice(start, "null".Length, AskObject);
                return;
            }
            if (_json.TokenType != JsonTokenType.StartObject)
                throw FieldError.WrongType(JsonElement.ParseValue(ref _json), "stream_options", "an object");
            bool empty = true, told = false;
            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            {
                empty = false;
                if (!Is("include_usage"u8))
                {
                    SkipOther(OptionFields);
                    continue;
                }
                RefuseSecond(told, "stream_options.include_usage");
                told = true;
                _json.Read();
                int at = (int)_json.TokenStartIndex;
                _includeUsage = ReadBoolean("stream_options.include_usage") ?? false;
                _askUsage = new BodySplice(at, (int)_json.BytesConsumed - at, Yes);
            }
            if (!told)
                _askUsage = new BodySplice(start + 1, 0, empty ? AskOnlyField : AskField);
        }

        private bool Is(ReadOnlySpan<byte> name)
        {
            if (_json.ValueIsEscaped)
                JsonBody.TextOf(ref _json); // a comparison would throw at an escape that stands for no character
            return _json.ValueTextEquals(name);
        }

        private bool? ReadBoolean(string path) => _json.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => null,
            _ => throw FieldError.WrongType(JsonElement.ParseValue(ref _json), path, "a boolean"),
        };

        // Two readers of the same bytes, this one and a remote source, could each believe another value.
        private static void RefuseSecond(bool seen, string path)
        {
            if (seen)
                throw new InvalidRequestException($"The body has '{path}' twice.", path, "invalid_json");
        }
    }
}
