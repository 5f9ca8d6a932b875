using System.Globalization;
using Sluice.Core.Errors;
using Sluice.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Tests.Cpu.Emit;

public unsafe class EmitterTests
{
    [Fact]
    public void Emit_AFunction_RunsFromMemoryThatIsNotWritable()
    {
        Assert.SkipUnless(Emitter.IsAvailable, "no code can be emitted here");
        void* entry = Emitter.Emit(c =>
        {
            c.lea(rax, rdi + rsi * 4);
            c.ret();
        });
        Assert.Equal(42, ((delegate* unmanaged<long, long, long>)entry)(2, 10));
        Assert.Equal("r-xp", ProtectionOf((nuint)entry));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("on", true)]
    [InlineData("OFF", false)]
    public void IsAllowed_KnownSetting_IsTakenAtItsWord(string? setting, bool allowed) => Assert.Equal(allowed, Emitter.IsAllowed(setting));

    [Fact]
    public void IsAllowed_UnknownSetting_NamesTheKnownOnes() =>
        Assert.Equal("SLUICE_JIT=no is unknown; it is on or off", Assert.Throws<SluiceException>(() => Emitter.IsAllowed("no")).Message);

    private static string ProtectionOf(nuint address)
    {
        foreach (string line in File.ReadLines("/proc/self/maps")) // "7f10c0a7b000-7f10c0a7c000 r-xp 00000000 …"
        {
            string[] fields = line.Split(' ');
            string[] range = fields[0].Split('-');
            if (Address(range[0]) <= address && address < Address(range[1]))
                return fields[1];
        }
        return "not mapped";
    }

    private static nuint Address(string hex) => nuint.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
