using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Sluice.Server;

/// <summary>
/// The blocks that connections receive into and send from: four times Kestrel's, so that a conversation arrives in few calls; more where a
/// long body is on its way. A connection that waits holds none.
/// </summary>
internal sealed class ConnectionBuffers : IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 16 * 1024;
    private const int LongestBlockBytes = 512 * 1024;

    // What a client announces is not believed: who has sent a whole block is trusted with the longest one.
    private const int Trust = LongestBlockBytes / BlockBytes;

    // Who takes a part of a body out of a connection runs on the thread that received it, and that receives the next part when he returns.
    [ThreadStatic]
    private static (int Room, int Part) _expected;

    // The last long block that this thread lent.
    [ThreadStatic]
    private static Block? _lent;

    /// <summary>
    /// Says how much of a body is still to come on the connection whose last part this thread has just received. It is a hint: where the next
    /// block is for another connection, that has a long block once.
    /// </summary>
    /// <param name="before">Bytes of the body that have come. The next block has room for them, where they are fewer than it is to take.</param>
    public static void Expect(int before, long rest)
    {
        int part = (int)Math.Min(Math.Min(rest, LongestBlockBytes), before * (long)Trust);
        _expected = (before < part ? before : 0, part);
    }

    /// <summary>
    /// Takes the memory of the block that a part of a body has filled, as it was expected to: instead of the part, what came before it is
    /// copied, to the start of that memory.
    /// </summary>
    /// <param name="before">Bytes of the body that had come before the part.</param>
    /// <returns>Rented from <see cref="ArrayPool{T}.Shared"/>, the caller's from now on; null where the part must be copied.</returns>
    public static byte[]? TryTake(in ReadOnlySequence<byte> part, int before) =>
        part.IsSingleSegment ? _lent?.TryTake(part.First, before) : null;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            (int room, int part) = _expected;
            _expected = default;
            return part > Math.Max(minBufferSize, BlockBytes)
                ? _lent = new Block(room, part)
                : Shared.Rent(Math.Max(minBufferSize, BlockBytes));
        }

        protected override void Dispose(bool disposing)
        {
            // the memory is the process's common pool's
        }
    }

    /// <summary>Memory for a part of a body, with room for what came before it. Goes back to the pool unless somebody takes it.</summary>
    private sealed class Block : IMemoryOwner<byte>
    {
        private readonly int _room;
        private byte[]? _array;

        public Block(int room, int part)
        {
            _room = room;
            _array = ArrayPool<byte>.Shared.Rent(room + part);
            Memory = _array.AsMemory(room, part);
        }

        public Memory<byte> Memory { get; }

        /// <summary>Only where the part fills it: the connection writes there no more.</summary>
        public byte[]? TryTake(ReadOnlyMemory<byte> part, int before) =>
            before == _room && part.Equals(Memory) ? Interlocked.Exchange(ref _array, null) : null;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is { } array)
                ArrayPool<byte>.Shared.Return(array);
        }
    }
}
