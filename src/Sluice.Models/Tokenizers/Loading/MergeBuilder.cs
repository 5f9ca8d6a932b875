using System.Buffers;
using System.Text;
using Sluice.Core.Errors;
using Sluice.Models.Tokenizers.Encoders;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Turns merges as spelled into merges of ids.</summary>
internal static class MergeBuilder
{
    /// <summary>Merges of a tokenizer.json: both parts and what they make must be tokens, and of a repeated pair the last counts.</summary>
    /// <param name="prefixLength">Bytes of the continuing prefix, which the right part loses when it merges.</param>
    public static MergeTable BuildStrict(string path, Vocabulary vocabulary, MergeList merges, int prefixLength)
    {
        var table = new MergeTable(merges.Count);
        var both = new ArrayBufferWriter<byte>(256);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            int left = Require(merges.Left(rank), rank), right = Require(merges.Right(rank), rank);
            both.ResetWrittenCount();
            both.Write(merges.Left(rank));
            both.Write(merges.Right(rank)[Math.Min(prefixLength, merges.Right(rank).Length)..]);
            table.Add(left, right, rank, Require(both.WrittenSpan, rank), replace: true);
        }
        return table;

        int Require(ReadOnlySpan<byte> token, int rank) => vocabulary.Find(token) is var id and >= 0
            ? id
            : throw new ModelFileException(path, $"field 'model.merges' names '{Encoding.UTF8.GetString(token)}' in entry {rank}, which is no token");
    }

    /// <summary>Merges of a GGUF: one that names what is no token can never lead to one and is left out; of a repeated pair the first counts.</summary>
    public static MergeTable BuildLenient(Vocabulary vocabulary, MergeList merges)
    {
        var table = new MergeTable(merges.Count);
        var both = new ArrayBufferWriter<byte>(256);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            both.ResetWrittenCount();
            both.Write(merges.Left(rank));
            both.Write(merges.Right(rank));
            int left = vocabulary.Find(merges.Left(rank)), right = vocabulary.Find(merges.Right(rank)), merged = vocabulary.Find(both.WrittenSpan);
            if (left >= 0 && right >= 0 && merged >= 0)
                table.Add(left, right, rank, merged, replace: false);
        }
        return table;
    }
}
