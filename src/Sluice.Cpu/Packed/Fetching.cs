using Iced.Intel;

namespace Sluice.Cpu.Packed;

/// <summary>The instructions of a product that fetch, spread evenly over it.</summary>
/// <param name="blockBytes">Bytes of a packed block.</param>
internal struct Fetching(Assembler c, Fetch fetch, AssemblerRegister64 next, int blockBytes)
{
    /// <summary>How far ahead of itself a product fetches the panel that it is reading.</summary>
    public const int AheadBytes = 1024;

    private const int LineBytes = 64;

    private readonly int _lines = fetch switch
    {
        Fetch.Soon => blockBytes / LineBytes,
        Fetch.Later => (blockBytes / LineBytes + 1) / 2,
        _ => 0,
    };

    private int _done;

    /// <summary>Fetches what is due when <paramref name="part"/> of <paramref name="parts"/> equal parts of a block are computed.</summary>
    public void Write(int part, int parts)
    {
        for (; _done < _lines * part / parts; _done++)
        {
            var line = AssemblerRegisters.__byte_ptr[next + _done * LineBytes];
            if (fetch == Fetch.Soon)
                c.prefetcht0(line);
            else
                c.prefetcht1(line);
        }
    }

    /// <summary>Goes on to the next block.</summary>
    public readonly void Advance() => c.add(next, _lines * LineBytes);
}
