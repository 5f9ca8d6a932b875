using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Cpu.Attention;

namespace Sluice.Tests.Cpu.Attention;

public class AppendJobTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 16)]
    [InlineData(4, 5)]
    [InlineData(8, 5)]
    [InlineData(8, 16)]
    [InlineData(8, 32)]
    public void RowsOf_AnyCutOfTheBatch_EachRowOnceAndNoWordOfTwoThreads(int elements, int blockTokens)
    {
        var layout = new KvLayout(new KvGroupSpec(1, 2, 24, blockTokens, DType.Q4_0, 0), new KvFormat(elements, 32));
        var random = new Random(7);
        for (int round = 0; round < 500; round++)
        {
            var slice = new SequenceSlice(random.Next(40), random.Next(1, 90), random.Next(50), default);
            int batch = slice.FirstRow + slice.Rows + random.Next(20), chunk = random.Next(1, 30);
            var owners = new Dictionary<(int Block, int Word), int>();
            var rows = new List<int>();
            for (int start = 0; start < batch; start += chunk)
            {
                var (from, to) = AppendJob.RowsOf(slice, layout, start, Math.Min(batch, start + chunk));
                for (int row = from; row < to; row++)
                {
                    rows.Add(row);
                    int position = slice.FirstPosition + row - slice.FirstRow;
                    var word = (position / blockTokens, position % blockTokens / elements);
                    owners.TryAdd(word, start);
                    Assert.Equal(start, owners[word]);
                }
            }
            Assert.Equal(Enumerable.Range(slice.FirstRow, slice.Rows), rows);
        }
    }
}
