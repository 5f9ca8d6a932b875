using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Core.Errors;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>
/// The bulk of a tokenizer.json, vocabulary and merges, read straight from the text; everything else as a small document. A vocabulary of 260,000
/// tokens is read without a string made for each.
/// </summary>
internal sealed class JsonBulk
{
    private const int DepthLimit = 64;

    private readonly string _path;
    private readonly HashSet<string> _seen = [];
    private byte[] _buffer = new byte[256];

    private JsonBulk(string path) => _path = path;

    /// <summary>Tokens by id, as model.vocab has them; null where it has none.</summary>
    public VocabularyBuilder? Vocabulary { get; private set; }

    /// <summary>Scores by id, for a vocabulary that is a list of tokens with scores.</summary>
    public List<double>? Scores { get; private set; }

    /// <summary>model.merges; null where there are none.</summary>
    public MergeList? Merges { get; private set; }

    /// <summary>All other fields.</summary>
    public JsonElement Rest { get; private set; }

    /// <param name="text">The file's text.</param>
    /// <exception cref="ModelFileException">No JSON object of this form.</exception>
    public static JsonBulk Read(string path, ReadOnlySpan<byte> text)
    {
        var bulk = new JsonBulk(path);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DepthLimit });
        try
        {
            var rest = new ArrayBufferWriter<byte>();
            bulk.ReadRoot(ref reader, text, rest);
            bulk.Rest = JsonElement.Parse(rest.WrittenSpan, new JsonDocumentOptions { MaxDepth = DepthLimit });
            return bulk;
        }
        catch (JsonException e)
        {
            throw new ModelFileException(path, $"no valid JSON: {e.Message.Split(". ")[0]}", reader.BytesConsumed, e);
        }
        catch (InvalidOperationException e)
        {
            throw new ModelFileException(path, "a string has a broken escape", reader.BytesConsumed, e);
        }
    }

    /// <summary>Copies the document with null in place of what is read here.</summary>
    private void ReadRoot(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, ArrayBufferWriter<byte> rest)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fail(reader, "is not a JSON object");
        int copied = 0;
        bool inModel = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > 2)
                continue;
            if (reader.CurrentDepth == 1)
            {
                inModel = reader.ValueTextEquals("model"u8);
                if (inModel)
                    Once(reader, "model");
            }
            else if (inModel && (reader.ValueTextEquals("vocab"u8) || reader.ValueTextEquals("merges"u8)))
            {
                bool merges = reader.ValueTextEquals("merges"u8);
                Once(reader, merges ? "model.merges" : "model.vocab");
                reader.Read();
                rest.Write(text[copied..(int)reader.TokenStartIndex]);
                rest.Write("null"u8);
                if (merges)
                    ReadMerges(ref reader);
                else
                    ReadVocabulary(ref reader);
                copied = (int)reader.BytesConsumed;
            }
        }
        rest.Write(text[copied..]);
    }

    private void ReadVocabulary(ref Utf8JsonReader reader)
    {
        Vocabulary = new VocabularyBuilder();
        if (reader.TokenType == JsonTokenType.StartArray)
            ReadScoredTokens(ref reader, Vocabulary, Scores = []);
        else if (reader.TokenType == JsonTokenType.StartObject)
            ReadTokens(ref reader, Vocabulary);
        else
            throw Fail(reader, "field 'model.vocab' is no object and no list");
    }

    private void ReadTokens(ref Utf8JsonReader reader, VocabularyBuilder vocabulary)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var token = Text(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int id) || id is < 0 or >= Tokenizers.Vocabulary.Limit)
                throw Fail(reader, $"field 'model.vocab' gives '{Encoding.UTF8.GetString(token)}' an id that is none");
            if (vocabulary.Has(id))
                throw Fail(reader, $"field 'model.vocab' gives id {id} to two tokens, the second '{Encoding.UTF8.GetString(token)}'");
            vocabulary.Add(id, token);
        }
    }

    private void ReadScoredTokens(ref Utf8JsonReader reader, VocabularyBuilder vocabulary, List<double> scores)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.String)
                throw Fail(reader, $"field 'model.vocab' has no token in entry {scores.Count}");
            if (scores.Count >= Tokenizers.Vocabulary.Limit)
                throw Fail(reader, "field 'model.vocab' is too long");
            vocabulary.Add(scores.Count, Text(ref reader));
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number)
                throw Fail(reader, $"field 'model.vocab' has no score in entry {scores.Count}");
            scores.Add(reader.GetDouble());
            if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
                throw Fail(reader, $"field 'model.vocab' has more than a token and a score in entry {scores.Count}");
        }
    }

    private void ReadMerges(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Fail(reader, "field 'model.merges' is no list");
        Merges = new MergeList();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            bool isPair = reader.TokenType == JsonTokenType.String
                ? Merges.TryAddLine(Text(ref reader), strict: true)
                : reader.TokenType == JsonTokenType.StartArray && ReadPair(ref reader, Merges);
            if (!isPair)
                throw Fail(reader, $"field 'model.merges' has no pair in entry {Merges.Count}");
        }
    }

    private bool ReadPair(ref Utf8JsonReader reader, MergeList merges)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            return false;
        merges.AddLeft(Text(ref reader));
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            return false;
        merges.AddRight(Text(ref reader));
        return reader.Read() && reader.TokenType == JsonTokenType.EndArray;
    }

    /// <summary>The present string or property name; valid until the next call.</summary>
    private ReadOnlySpan<byte> Text(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        if (_buffer.Length < reader.ValueSpan.Length)
            _buffer = new byte[reader.ValueSpan.Length * 2];
        return _buffer.AsSpan(0, reader.CopyString(_buffer));
    }

    private void Once(in Utf8JsonReader reader, string field)
    {
        if (!_seen.Add(field))
            throw Fail(reader, $"field '{field}' comes twice");
    }

    private ModelFileException Fail(in Utf8JsonReader reader, string problem) => new(_path, problem, reader.TokenStartIndex);
}
