using System.Numerics;
using Sluice.Cpu.Emit;

namespace Sluice.Cpu.Packed;

/// <summary>The products of a format, each emitted when it is first needed.</summary>
internal sealed unsafe class PackedProducts<F> where F : IPackedFormat
{
    private static readonly int Widths = BitOperations.Log2(PackedTiles.Wide) + 1;

    private readonly Lock _gate = new();
    private readonly nint[] _code = new nint[Widths * Enum.GetValues<Fetch>().Length];

    /// <returns>The product that <see cref="IPackedFormat.Write"/> describes.</returns>
    public delegate* unmanaged<byte*, byte*, long, float*, byte*, void> Get(int tileRows, Fetch fetch)
    {
        ref nint code = ref _code[(int)fetch * Widths + BitOperations.Log2((uint)tileRows)];
        nint known = Volatile.Read(ref code);
        return (delegate* unmanaged<byte*, byte*, long, float*, byte*, void>)(known != 0 ? known : Emit(ref code, tileRows, fetch));
    }

    private nint Emit(ref nint code, int tileRows, Fetch fetch)
    {
        lock (_gate)
        {
            if (code == 0)
                Volatile.Write(ref code, (nint)Emitter.Emit(c => F.Write(c, tileRows, fetch)));
            return code;
        }
    }
}
