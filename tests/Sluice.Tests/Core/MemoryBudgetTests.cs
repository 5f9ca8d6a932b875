using Sluice.Core.Errors;
using Sluice.Core.Memory;

namespace Sluice.Tests.Core;

public sealed class MemoryBudgetTests
{
    [Fact]
    public void Lease_BeyondTheBudget_IsRefusedWithTheFigures()
    {
        var budget = new MemoryBudget(10 << 20);
        using var lease = budget.Lease(6 << 20, "first");
        var refusal = Assert.Throws<MemoryExceededException>(() => budget.Lease(5 << 20, "KV blocks"));
        Assert.Contains("KV blocks", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("4.0 MiB left", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(6 << 20, budget.LeasedBytes);
    }

    [Fact]
    public void Dispose_Twice_ReturnsTheBytesOnce()
    {
        var budget = new MemoryBudget(100);
        using var kept = budget.Lease(10, "kept");
        var lease = budget.Lease(50, "returned");
        lease.Dispose();
        lease.Dispose();
        Assert.Equal(10, budget.LeasedBytes);
    }
}
