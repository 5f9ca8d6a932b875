using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sluice.Models.Grammars.Automata;

/// <summary>A set of byte values.</summary>
internal struct ByteSet
{
    private Words _words;

    public readonly int Count
    {
        get
        {
            int count = 0;
            for (int w = 0; w < 4; w++)
                count += BitOperations.PopCount(_words[w]);
            return count;
        }
    }

    /// <summary>The least member of one that has some.</summary>
    public readonly byte First
    {
        get
        {
            int w = 0;
            while (_words[w] == 0)
                w++;
            return (byte)((w * 64) + BitOperations.TrailingZeroCount(_words[w]));
        }
    }

    public void Add(byte value) => _words[value >> 6] |= 1UL << (value & 63);

    public void Add(ByteSet other)
    {
        for (int w = 0; w < 4; w++)
            _words[w] |= other._words[w];
    }

    [InlineArray(4)]
    private struct Words
    {
        private ulong _first;
    }
}
