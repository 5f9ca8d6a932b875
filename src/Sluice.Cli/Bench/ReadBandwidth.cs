using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sluice.Core.Memory;

namespace Sluice.Cli.Bench;

/// <summary>How fast this machine reads memory in order: the limit that decoding one sequence runs against.</summary>
internal static class ReadBandwidth
{
    /// <summary>Many times any cache.</summary>
    private const int BufferBytes = 512 << 20;

    private const int Passes = 5;

    /// <returns>Gigabytes (10^9 bytes) per second over all threads, the best of several passes.</returns>
    public static double MeasureGbps(int threads)
    {
        using var buffer = new NativeBuffer(BufferBytes);
        buffer.AsSpan<byte>().Fill(1); // an untouched page is read from no memory at all
        double best = 0;
        for (int pass = 0; pass < Passes; pass++)
        {
            long began = Stopwatch.GetTimestamp();
            var readers = new Thread[threads];
            for (int i = 0; i < threads; i++)
            {
                int part = i;
                readers[i] = new Thread(() => Read(buffer.AsSpan<byte>(), part, threads));
                readers[i].Start();
            }
            foreach (Thread reader in readers)
                reader.Join();
            best = Math.Max(best, BufferBytes / Stopwatch.GetElapsedTime(began).TotalSeconds / 1e9);
        }
        return best;
    }

    // At once at full optimisation: there is no second call to profit from a first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read(Span<byte> buffer, int part, int parts)
    {
        var vectors = MemoryMarshal.Cast<byte, Vector<long>>(buffer);
        int from = (int)((long)vectors.Length * part / parts), to = (int)((long)vectors.Length * (part + 1) / parts);
        vectors = vectors[from..to];
        // Four sums, so that the additions do not wait for each other.
        Vector<long> a = default, b = default, c = default, d = default;
        for (int i = 0; i + 3 < vectors.Length; i += 4)
        {
            a += vectors[i];
            b += vectors[i + 1];
            c += vectors[i + 2];
            d += vectors[i + 3];
        }
        GC.KeepAlive(a + b + c + d);
    }
}
