using Sluice.Core.Errors;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>What a SentencePiece model (tokenizer.model) holds. Field numbers are those of sentencepiece_model.proto.</summary>
internal sealed class SentencePieceFile
{
    private const ulong UnigramModel = 1, BpeModel = 2;

    private readonly VocabularyBuilder _pieces = new();
    private readonly List<float> _scores = [];
    private readonly List<TokenKind> _kinds = [];
    private ulong _model = UnigramModel;

    private SentencePieceFile(string path) => Path = path;

    public string Path { get; }

    public VocabularyBuilder Pieces => _pieces;

    public IReadOnlyList<TokenKind> Kinds => _kinds;

    public IReadOnlyList<float> Scores => _scores;

    /// <summary>Whether pieces are merged by score; otherwise they are chosen by the unigram model.</summary>
    public bool IsBpe => _model == BpeModel;

    public bool ByteFallback { get; private set; }

    public bool SpaceAsSuffix { get; private set; }

    /// <summary>Ids of roles; below zero for none.</summary>
    public int Unknown { get; private set; }

    public int Bos { get; private set; } = 1;

    public int Eos { get; private set; } = 2;

    public int Pad { get; private set; } = -1;

    public bool AddDummyPrefix { get; private set; } = true;

    public bool RemoveExtraWhitespaces { get; private set; } = true;

    public bool EscapeWhitespaces { get; private set; } = true;

    /// <summary>Compiled rules of normalisation; empty where there are none.</summary>
    public byte[] Rules { get; private set; } = [];

    /// <exception cref="ModelFileException">Not such a file.</exception>
    public static SentencePieceFile Read(string path, ReadOnlySpan<byte> bytes)
    {
        var file = new SentencePieceFile(path);
        var reader = new ProtobufReader(path, bytes, 0);
        while (reader.MoveNext())
        {
            if (reader.Field == 1)
                file.ReadPiece(reader.Inner());
            else if (reader.Field == 2)
                file.ReadTraining(reader.Inner());
            else if (reader.Field == 3)
                file.ReadNormalization(reader.Inner());
        }
        if (file._kinds.Count == 0)
            throw new ModelFileException(path, "holds no pieces: this is no SentencePiece model");
        if (file._model is not (UnigramModel or BpeModel))
            throw new ModelFileException(path, $"field 'trainer_spec.model_type' is {file._model}; known are 1 (unigram) and 2 (BPE)");
        return file;
    }

    private void ReadPiece(ProtobufReader reader)
    {
        ReadOnlySpan<byte> text = [];
        float score = 0;
        var kind = TokenKind.Normal;
        while (reader.MoveNext())
        {
            if (reader.Field == 1)
                text = reader.Bytes;
            else if (reader.Field == 2)
                score = BitConverter.UInt32BitsToSingle((uint)reader.Number);
            else if (reader.Field == 3)
                kind = reader.Number <= (ulong)TokenKind.Byte ? (TokenKind)reader.Number : throw reader.Fail($"has a piece of kind {reader.Number}, which is none");
        }
        if (_kinds.Count >= Vocabulary.Limit)
            throw reader.Fail("holds more pieces than any vocabulary");
        _pieces.Add(_kinds.Count, text);
        _scores.Add(score);
        _kinds.Add(kind);
    }

    private void ReadTraining(ProtobufReader reader)
    {
        while (reader.MoveNext())
        {
            switch (reader.Field)
            {
                case 3: _model = reader.Number; break;
                case 24: SpaceAsSuffix = reader.Number != 0; break;
                case 35: ByteFallback = reader.Number != 0; break;
                case 40: Unknown = (int)reader.Number; break;
                case 41: Bos = (int)reader.Number; break;
                case 42: Eos = (int)reader.Number; break;
                case 43: Pad = (int)reader.Number; break;
            }
        }
    }

    private void ReadNormalization(ProtobufReader reader)
    {
        while (reader.MoveNext())
        {
            switch (reader.Field)
            {
                case 2: Rules = reader.Bytes.ToArray(); break;
                case 3: AddDummyPrefix = reader.Number != 0; break;
                case 4: RemoveExtraWhitespaces = reader.Number != 0; break;
                case 5: EscapeWhitespaces = reader.Number != 0; break;
            }
        }
    }
}
