using Sluice.Core.Backend;

namespace Sluice.Tests.Core;

public sealed class StepGateTests
{
    [Fact]
    public void Enter_SeveralWait_AreServedInTheOrderTheyCame()
    {
        const int Waiters = 8;
        var gate = new StepGate();
        var order = new List<int>();
        var threads = new List<Thread>();
        using (gate.Enter())
        {
            for (int id = 0; id < Waiters; id++)
            {
                int mine = id;
                var thread = new Thread(() =>
                {
                    using var turn = gate.Enter();
                    order.Add(mine); // the gate is the only thing that protects the list
                });
                thread.Start();
                threads.Add(thread);
                Assert.True(SpinWait.SpinUntil(() => gate.Waiting == mine + 1, TimeSpan.FromSeconds(10)));
            }
            Assert.Empty(order);
        }
        threads.ForEach(t => t.Join());
        Assert.Equal(Enumerable.Range(0, Waiters), order);
        gate.Enter().Dispose(); // and the gate is open again
    }
}
