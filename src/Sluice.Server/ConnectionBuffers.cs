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
    private const int LongestBlockBytes = 256 * 1024;

    // Who takes a part of a body out of a connection runs on the thread that received it, and that receives the next part when he returns.
    [ThreadStatic]
    private static int _expected;

    /// <summary>
    /// Says how much of a body is still to come on the connection whose last part this thread has just received. It is a hint: where the next
    /// block is for another connection, that has a long block once.
    /// </summary>
    public static void Expect(long bytes) => _expected = (int)Math.Clamp(bytes, 0, LongestBlockBytes);

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            int expected = _expected;
            _expected = 0;
            return Shared.Rent(Math.Max(minBufferSize, Math.Max(expected, BlockBytes)));
        }

        protected override void Dispose(bool disposing)
        {
            // the memory is the process's common pool's
        }
    }
}
