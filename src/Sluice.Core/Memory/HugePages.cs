using System.Runtime.InteropServices;

namespace Sluice.Core.Memory;

/// <summary>
/// Asks Linux for pages of 2 MB where they are to be had on request, for what is streamed at the memory's rate: with pages of 4 KB the
/// processor waits for page walks (weights 34 against 27 GB/s, KV in blocks at 32k positions 27 against 22 GB/s, two Zen 4 cores). A mapped
/// file gets them where the system reads it in on our account; what it had in memory before stays in the pages it has.
/// </summary>
public static unsafe partial class HugePages
{
    private const long PageBytes = 2 << 20;
    private const int AdviseHugePage = 14;

    /// <summary>Below this, what whole pages would waste is no longer little.</summary>
    private const long LeastBytes = 32 * PageBytes;

    /// <summary>
    /// Advises for the whole pages within a range. Nothing happens where the system knows no such advice or refuses it: it is only about
    /// speed.
    /// </summary>
    public static void Advise(byte* address, long bytes)
    {
        nint first = ((nint)address + (nint)PageBytes - 1) & ~((nint)PageBytes - 1);
        nint end = (nint)(address + bytes) & ~((nint)PageBytes - 1);
        if (OperatingSystem.IsLinux() && bytes >= LeastBytes)
            _ = Madvise((void*)first, (nuint)(end - first), AdviseHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint bytes, int advice);
}
