using System.Buffers;

namespace Sluice.Protocol.Requests;

/// <summary>
/// The bytes of a request in memory of a pool, to which they go back when the request has ended and nobody sends them any more: a send that was
/// given up may end after its request. From any thread.
/// </summary>
/// <param name="array">Rented from <see cref="ArrayPool{T}.Shared"/>.</param>
/// <param name="length">Bytes of the body in it.</param>
public sealed class RequestBuffer(byte[] array, int length) : IDisposable
{
    private byte[]? _array = array;
    private int _users = 1;

    public ReadOnlyMemory<byte> Body { get; } = array.AsMemory(0, length);

    /// <summary>One more reader; each calls <see cref="Release"/> when it has read, or never, and then the memory is the collector's.</summary>
    /// <returns>False where the bytes are gone.</returns>
    public bool TryHold()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _array, null)!);
    }

    /// <summary>The request has ended.</summary>
    public void Dispose() => Release();
}
