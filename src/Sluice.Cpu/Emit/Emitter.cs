using System.ComponentModel;
using System.Runtime.InteropServices;
using Iced.Intel;
using Sluice.Core.Errors;

namespace Sluice.Cpu.Emit;

/// <summary>
/// Kernels assembled at run time, for instructions that .NET has no intrinsics for. They are leaf functions of the System V calling
/// convention: arguments in rdi, rsi, rdx, rcx, and every vector register theirs to use.
/// </summary>
internal static unsafe class Emitter
{
    /// <summary>"off" keeps to what the runtime compiles.</summary>
    public const string EnvironmentVariable = "SLUICE_JIT";

    private static readonly Lazy<bool> Available = new(Probe);

    /// <summary>
    /// Whether code can be emitted here: on Linux and x64, unless it is switched off or the system makes no memory executable.
    /// </summary>
    /// <exception cref="SluiceException">The environment variable is neither "on" nor "off".</exception>
    public static bool IsAvailable => Available.Value;

    /// <summary>Assembles what <paramref name="write"/> writes.</summary>
    /// <returns>The entry point.</returns>
    public static void* Emit(Action<Assembler> write)
    {
        var assembler = new Assembler(64);
        write(assembler);
        using var code = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(code), rip: 0); // jumps are relative and nothing else has an address
        return ExecutableMemory.Place(code.GetBuffer().AsSpan(0, (int)code.Length));
    }

    private static bool Probe()
    {
        if (!IsAllowed(Environment.GetEnvironmentVariable(EnvironmentVariable)))
            return false;
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return false;
        try
        {
            const byte Return = 0xC3;
            ((delegate* unmanaged<void>)ExecutableMemory.Place([Return]))();
            return true;
        }
        catch (Win32Exception)
        {
            return false; // a hardened system: the kernels that the runtime compiles give the same results
        }
    }

    internal static bool IsAllowed(string? setting) => setting?.ToLowerInvariant() switch
    {
        null or "" or "on" => true,
        "off" => false,
        _ => throw new SluiceException($"{EnvironmentVariable}={setting} is unknown; it is on or off"),
    };
}
