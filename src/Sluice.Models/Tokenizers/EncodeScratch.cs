using System.Buffers;
using Sluice.Models.Tokenizers.Encoders;

namespace Sluice.Models.Tokenizers;

/// <summary>What one call of Encode works in. Rented from the tokenizer, so that calls share nothing and leave nothing to collect.</summary>
internal sealed class EncodeScratch
{
    private const int KeptBytes = 1 << 20;

    // Below this a cache does not pay for its memory.
    private const int CachedTextBytes = 512;

    private readonly List<ArrayBufferWriter<byte>> _buffers = [];
    private int _used;
    private int _most = int.MaxValue;
    private int _bytesPerId = int.MaxValue;

    public MergeWork Merges { get; } = new();

    public BestPaths Paths { get; } = new();

    /// <summary>Words met lately; null for a tokenizer that has only seen short texts.</summary>
    public WordCache? Words { get; private set; }

    /// <summary>Whether the text was found to have more ids than the call may give: what is left of it need not be encoded.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Begins a call on a text of so many bytes.</summary>
    /// <param name="most">Most ids that the call may give.</param>
    /// <param name="bytesPerId">Most bytes that one id can stand for.</param>
    public void Begin(int bytes, int most, int bytesPerId)
    {
        IsFull = false;
        (_most, _bytesPerId) = (most, bytesPerId);
        if (bytes >= CachedTextBytes)
            Words ??= new WordCache();
    }

    /// <summary>Whether the ids of a further piece can stay within the limit, told from its length alone.</summary>
    public bool HasRoom(List<int> ids, int pieceBytes)
    {
        IsFull |= ids.Count > _most || (_bytesPerId < int.MaxValue && pieceBytes > (long)(_most - ids.Count) * _bytesPerId);
        return !IsFull;
    }

    /// <summary>An empty buffer, until <see cref="Release"/>. Buffers nest.</summary>
    public ArrayBufferWriter<byte> Take()
    {
        if (_used == _buffers.Count)
            _buffers.Add(new ArrayBufferWriter<byte>());
        var buffer = _buffers[_used++];
        buffer.ResetWrittenCount();
        return buffer;
    }

    /// <summary>Gives back the buffer taken last.</summary>
    public void Release() => _used--;

    /// <summary>Lets go of what only a very large text needed.</summary>
    public void Trim()
    {
        _used = 0;
        _buffers.RemoveAll(buffer => buffer.Capacity > KeptBytes);
        Merges.Trim();
        Paths.Trim();
    }
}
