using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Sluice.Server;

/// <summary>
/// The blocks that connections receive into and send from: four times Kestrel's, so that a long conversation arrives in a quarter of the
/// calls. A connection that waits holds none.
/// </summary>
internal sealed class ConnectionBuffers : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        private const int BlockBytes = 16 * 1024;

        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockBytes));

        protected override void Dispose(bool disposing)
        {
            // the memory is the process's common pool's
        }
    }
}
