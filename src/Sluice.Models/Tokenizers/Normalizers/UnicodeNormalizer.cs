using System.Buffers;
using System.Text;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>Unicode normalisation: NFD, NFKD, and with composition NFC, NFKC.</summary>
internal sealed class UnicodeNormalizer(bool compatible, bool compose) : INormalizer
{
    public void Normalize(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> target, EncodeScratch scratch)
    {
        var pending = new Sequence(compose, target);
        Span<int> parts = stackalloc int[UnicodeData.LongestForm];
        while (!text.IsEmpty)
        {
            int ascii = text.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (ascii < 0)
                ascii = text.Length;
            if (ascii > 0)
            {
                // ASCII changes nothing and is changed by nothing, but its last letter may take what follows.
                pending.Flush();
                target.Write(text[..(ascii - 1)]);
                pending.Add(text[ascii - 1]);
                text = text[ascii..];
                continue;
            }
            Rune.DecodeFromUtf8(text, out var rune, out int length);
            text = text[length..];
            int count = UnicodeData.Decompose(rune.Value, compatible, parts);
            foreach (int part in parts[..count])
                pending.Add(part);
        }
        pending.Flush();
    }

    /// <summary>A run of code points that may still change places or become one.</summary>
    private struct Sequence(bool compose, ArrayBufferWriter<byte> target)
    {
        private readonly List<(int Class, int Rune)> _runes = [];

        public readonly void Add(int rune)
        {
            int combining = UnicodeData.CombiningClass(rune);
            if (combining == 0 && !(compose && UnicodeData.MayCompose(rune)))
                Flush();
            _runes.Add((combining, rune));
        }

        public readonly void Flush()
        {
            if (_runes.Count > 1)
            {
                Order();
                if (compose)
                    Compose();
            }
            foreach (var (_, value) in _runes)
            {
                var room = target.GetSpan(4);
                target.Advance(new Rune(value).EncodeToUtf8(room));
            }
            _runes.Clear();
        }

        /// <summary>Sorts marks by class between one starter and the next, equal classes staying in order.</summary>
        private readonly void Order()
        {
            bool ordered = true;
            for (int i = 1; i < _runes.Count && ordered; i++)
                ordered = _runes[i].Class == 0 || _runes[i - 1].Class <= _runes[i].Class;
            if (ordered)
                return;
            for (int start = 0, end; start < _runes.Count; start = end)
            {
                end = start + 1;
                while (end < _runes.Count && _runes[end].Class != 0)
                    end++;
                int first = _runes[start].Class == 0 ? start + 1 : start;
                var sorted = _runes[first..end].OrderBy(entry => entry.Class).ToList();
                for (int i = 0; i < sorted.Count; i++)
                    _runes[first + i] = sorted[i];
            }
        }

        private readonly void Compose()
        {
            int kept = 1, starter = _runes[0].Class == 0 ? 0 : -1;
            for (int i = 1; i < _runes.Count; i++)
            {
                var (combining, rune) = _runes[i];
                bool blocked = starter < 0 || (kept - 1 > starter && (_runes[kept - 1].Class >= combining || _runes[kept - 1].Class == 0));
                if (!blocked && UnicodeData.Compose(_runes[starter].Rune, rune) is var composed and >= 0)
                {
                    _runes[starter] = (0, composed);
                    continue;
                }
                if (combining == 0)
                    starter = kept;
                _runes[kept++] = (combining, rune);
            }
            _runes.RemoveRange(kept, _runes.Count - kept);
        }
    }
}
