using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Sluice.Http.Fakes;

/// <summary>Waits for what happens on other threads, with an end: a test that waits for ever tells nobody why.</summary>
internal static class Eventually
{
    /// <summary>Far above what anything here takes on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task IsTrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        for (long began = Stopwatch.GetTimestamp(); !condition();)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"it never came to that: {what}");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Runs what may block, such as the end of an engine, and leaves it behind where it does not return.</summary>
    public static Task ReturnsAsync(Action end) => Task.Run(end).WaitAsync(Patience);
}
