using System.Buffers;
using Sluice.Server;

namespace Sluice.Http.Answers;

/// <summary>Long blocks for long bodies, and who owns them.</summary>
public sealed class ConnectionBuffersTests
{
    private const int Ordinary = 16 * 1024;

    private readonly MemoryPool<byte> _pool = new ConnectionBuffers().Create();

    [Fact]
    public void TryTake_PartFillsItsBlock_GivesItsMemoryWithRoomBeforeThePart()
    {
        ConnectionBuffers.Expect(before: 5_000, rest: 100_000);
        IMemoryOwner<byte> block = _pool.Rent();
        Assert.Equal(100_000, block.Memory.Length);
        block.Memory.Span.Fill(7);

        byte[] taken = Assert.IsType<byte[]>(ConnectionBuffers.TryTake(new ReadOnlySequence<byte>(block.Memory), before: 5_000));

        Assert.Equal(7, taken[5_000]);
        Assert.Equal(7, taken[104_999]);
        Assert.Null(ConnectionBuffers.TryTake(new ReadOnlySequence<byte>(block.Memory), before: 5_000)); // it has an owner
        block.Dispose();
        Assert.NotSame(taken, ArrayPool<byte>.Shared.Rent(taken.Length)); // and is not lent again
    }

    [Fact]
    public void TryTake_ConnectionMayStillWriteThere_GivesNothing()
    {
        ConnectionBuffers.Expect(before: 5_000, rest: 100_000);
        using IMemoryOwner<byte> block = _pool.Rent();
        Assert.Null(ConnectionBuffers.TryTake(new ReadOnlySequence<byte>(block.Memory[..99_999]), before: 5_000));
    }

    [Fact]
    public void TryTake_BlockWentToAnotherConnection_GivesNothing()
    {
        ConnectionBuffers.Expect(before: 5_000, rest: 100_000);
        using IMemoryOwner<byte> block = _pool.Rent();
        Assert.Null(ConnectionBuffers.TryTake(new ReadOnlySequence<byte>(block.Memory), before: 5_001));
        Assert.Null(ConnectionBuffers.TryTake(new ReadOnlySequence<byte>(new byte[100_000]), before: 5_000));
    }

    [Fact]
    public void TryTake_MoreCameBeforeThanInThePart_GivesNothing()
    {
        ConnectionBuffers.Expect(before: 50_000_000, rest: 100_000); // no room for them either: a block is never longer than a part
        using IMemoryOwner<byte> block = _pool.Rent();
        Assert.Equal(100_000, block.Memory.Length);
        Assert.Null(ConnectionBuffers.TryTake(new ReadOnlySequence<byte>(block.Memory), before: 50_000_000));
    }

    [Theory]
    [InlineData(1, 100_000_000, Ordinary)] // who has sent next to nothing is not believed
    [InlineData(1_000, 100_000_000, 32_000)]
    [InlineData(16_000, 100_000_000, 512_000)]
    [InlineData(16_384, 100_000_000, 524_288)]
    [InlineData(1_000_000, 100_000_000, 524_288)]
    [InlineData(16_000, 300, Ordinary)]
    public void Rent_MuchIsAnnounced_GrowsWithWhatHasCome(int before, long rest, int bytes)
    {
        ConnectionBuffers.Expect(before, rest);
        using IMemoryOwner<byte> block = _pool.Rent();
        Assert.Equal(bytes, block.Memory.Length);
        using IMemoryOwner<byte> next = _pool.Rent(); // the hint is for one
        Assert.Equal(Ordinary, next.Memory.Length);
    }
}
