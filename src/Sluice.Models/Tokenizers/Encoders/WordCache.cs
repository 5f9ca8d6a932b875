using System.Runtime.CompilerServices;

namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>
/// The ids of words met lately: a fixed number of slots, a newer word taking the place of an older one of the same hash. Words longer than a slot are
/// not kept. For one thread at a time.
/// </summary>
internal sealed class WordCache
{
    /// <summary>Longest word that is kept, in bytes.</summary>
    public const int WordLimit = 28;

    private const int IdLimit = 7;
    private const int Slots = 8192;

    private readonly Slot[] _slots = new Slot[Slots];

    [InlineArray(WordLimit)]
    private struct Word
    {
        private byte _first;
    }

    [InlineArray(IdLimit)]
    private struct Ids
    {
        private int _first;
    }

    // 64 bytes: one cache line.
    private struct Slot
    {
        public uint Hash;
        public byte Length;
        public byte Count;
        public Word Word;
        public Ids Ids;
    }

    /// <summary>Appends the ids of a word if it is here. The word must be within <see cref="WordLimit"/>.</summary>
    public bool TryAppend(ReadOnlySpan<byte> word, uint hash, List<int> ids)
    {
        ref var slot = ref _slots[hash & (Slots - 1)];
        if (slot.Hash != hash || slot.Length != word.Length || !word.SequenceEqual(((ReadOnlySpan<byte>)slot.Word)[..slot.Length]))
            return false;
        for (int i = 0; i < slot.Count; i++)
            ids.Add(slot.Ids[i]);
        return true;
    }

    /// <summary>Keeps the ids of a word, if they are few enough.</summary>
    public void Put(ReadOnlySpan<byte> word, uint hash, ReadOnlySpan<int> ids)
    {
        if (ids.Length > IdLimit)
            return;
        ref var slot = ref _slots[hash & (Slots - 1)];
        slot.Hash = hash;
        slot.Length = (byte)word.Length;
        slot.Count = (byte)ids.Length;
        word.CopyTo(slot.Word);
        ids.CopyTo(slot.Ids);
    }
}
