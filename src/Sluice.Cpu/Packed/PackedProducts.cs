using System.Numerics;
using Iced.Intel;
using Sluice.Cpu.Emit;

namespace Sluice.Cpu.Packed;

/// <summary>The products of a format, each emitted when it is first needed.</summary>
internal sealed unsafe class PackedProducts<F> where F : IPackedFormat
{
    private static readonly int Widths = BitOperations.Log2(PackedTiles.Wide) + 1;

    private readonly Lock _gate = new();
    private readonly nint[] _code = new nint[Widths * Enum.GetValues<Fetch>().Length];
    private nint _rowCode;

    /// <returns>The product that <see cref="IPackedFormat.Write"/> describes.</returns>
    public delegate* unmanaged<byte*, byte*, long, float*, byte*, void> Get(int tileRows, Fetch fetch)
    {
        ref nint code = ref _code[(int)fetch * Widths + BitOperations.Log2((uint)tileRows)];
        nint known = Volatile.Read(ref code);
        return (delegate* unmanaged<byte*, byte*, long, float*, byte*, void>)(known != 0 ? known : Emit(ref code, tileRows, fetch));
    }

    /// <returns>The product that <see cref="IPackedFormat.WriteRow"/> describes.</returns>
    public delegate* unmanaged<byte*, byte*, long, float*, float*, long, void> GetRow()
    {
        nint known = Volatile.Read(ref _rowCode);
        return (delegate* unmanaged<byte*, byte*, long, float*, float*, long, void>)(known != 0 ? known : Emit(ref _rowCode, F.WriteRow));
    }

    /// <remarks>Apart from <see cref="Get"/>, which would allocate what the closure captures even where the code is known.</remarks>
    private nint Emit(ref nint code, int tileRows, Fetch fetch) => Emit(ref code, c => F.Write(c, tileRows, fetch));

    private nint Emit(ref nint code, Action<Assembler> write)
    {
        lock (_gate)
        {
            if (code == 0)
                Volatile.Write(ref code, (nint)Emitter.Emit(write));
            return code;
        }
    }
}
