using System.Text;
using Sluice.Pipe.Flow;

namespace Sluice.Tests.Pipe.Flow;

public sealed class ReorderWindowTests
{
    [Fact]
    public async Task Window_MoreThanMemoryHolds_ComesBackFromDiskInOrder()
    {
        string folder = Directory.CreateTempSubdirectory("window-").FullName;
        var limits = new WindowLimits { MemoryBytes = 10_000, Folder = folder, Records = 1 << 16 };
        using (var window = new ReorderWindow(limits))
        {
            int[] order = [.. Enumerable.Range(1, 5000)];
            new Random(2).Shuffle(order);
            foreach (int number in order)
                window.Add(number, new FinishedRecord(Encoding.UTF8.GetBytes(new string('x', number % 50) + number), number % 7 == 0));
            window.Complete();
            for (int expected = 1; expected <= 5000; expected++)
            {
                Assert.True(await window.WaitForNextAsync(TestContext.Current.CancellationToken));
                Assert.True(window.TryTake(out long number, out FinishedRecord finished));
                Assert.Equal(expected, number);
                Assert.Equal(new string('x', expected % 50) + expected, Encoding.UTF8.GetString(finished.Bytes.Span));
                Assert.Equal(expected % 7 == 0, finished.Failed);
            }
            Assert.False(await window.WaitForNextAsync(TestContext.Current.CancellationToken));
        }
        Assert.Empty(Directory.EnumerateFiles(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public async Task Window_Full_LetsNoRecordBeginUntilTheOldestHasEnded()
    {
        using var window = new ReorderWindow(new WindowLimits { Records = 8 });
        await window.WaitForRoomAsync(8, TestContext.Current.CancellationToken);
        Task room = window.WaitForRoomAsync(9, TestContext.Current.CancellationToken).AsTask();
        window.Add(2, default);
        Assert.False(room.IsCompleted);
        window.Add(1, default);
        Assert.True(window.TryTake(out _, out _));
        await room.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Window_AFullDisk_LetsNoRecordBegin()
    {
        var limits = new WindowLimits { MemoryBytes = 0, DiskBytes = 10 };
        using var window = new ReorderWindow(limits);
        window.Add(2, new FinishedRecord(new byte[20], Failed: false));
        Task room = window.WaitForRoomAsync(3, TestContext.Current.CancellationToken).AsTask();
        Assert.False(room.IsCompleted);
        window.Add(1, default);
        Assert.True(window.TryTake(out _, out _));
        Assert.True(window.TryTake(out _, out _));
        await room.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
