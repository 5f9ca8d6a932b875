using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Sluice.Cpu.Emit;

/// <summary>
/// Machine code in pages of its own, which are writable first and executable afterwards, never both. Code stays for the life of the
/// process.
/// </summary>
internal static unsafe partial class ExecutableMemory
{
    private const int Read = 1;
    private const int Write = 2;
    private const int Execute = 4;
    private const int PrivateAnonymous = 0x22;

    /// <returns>Where the code lies.</returns>
    /// <exception cref="Win32Exception">The system refuses the pages, or to make them executable, as hardened ones do.</exception>
    public static void* Place(ReadOnlySpan<byte> code)
    {
        void* pages = Map(null, (nuint)code.Length, Read | Write, PrivateAnonymous, -1, 0);
        if (pages == (void*)-1)
            throw new Win32Exception();
        code.CopyTo(new Span<byte>(pages, code.Length));
        if (Protect(pages, (nuint)code.Length, Read | Execute) == 0)
            return pages;
        var refusal = new Win32Exception();
        _ = Unmap(pages, (nuint)code.Length); // the refusal is what matters; a mapping that will not go is a page
        throw refusal;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
