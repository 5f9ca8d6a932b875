using System.Text.RegularExpressions;

namespace Sluice.Tests.House;

/// <summary>What may stand in which file.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    /// <summary>Where pointers may live, each with the reason.</summary>
    private static readonly string[] PointerRooms =
    [
        "src/Sluice.Core/Memory/", // owners of native memory
        "src/Sluice.Cpu/", // kernels
    ];

    [Fact]
    public void Pointers_OutsideTheirRooms_AreAbsent() =>
        Assert.Empty(Offending(path => !PointerRooms.Any(room => path.StartsWith(room, StringComparison.Ordinal)), Pointer()));

    [Fact]
    public void AllowUnsafeBlocks_OutsidePointerRooms_IsOff()
    {
        var projects = Checkout.Sources("*.csproj").Where(path => Checkout.Read(path).Contains("AllowUnsafeBlocks", StringComparison.Ordinal));
        Assert.Equal(["src/Sluice.Core/Sluice.Core.csproj", "src/Sluice.Cpu/Sluice.Cpu.csproj"], projects);
    }

    /// <summary>What differs by weight format stands in one table per backend and in Core's table of block formats.</summary>
    [Fact]
    public void SwitchOnDType_OutsideTheTables_IsAbsent() =>
        Assert.Empty(Offending(path => !path.Contains("/Quant/", StringComparison.Ordinal), DTypeArm()));

    [Fact]
    public void Files_Anywhere_StopAt400Lines() => Assert.Empty(
        from path in HandWritten()
        let lines = File.ReadLines(Path.Combine(Checkout.Root, path)).Count()
        where lines > MaxLines
        select $"{path}: {lines} lines");

    [Fact]
    public void Names_Anywhere_SayWhatTheThingIs() => Assert.Empty(
        from path in Checkout.Sources()
        from part in path.Split('/')
        where Nameless().IsMatch(part)
        select path);

    /// <summary>A stranger finds a type by its name: the file is named after it and lies where its namespace says.</summary>
    [Fact]
    public void Namespaces_Anywhere_MatchTheFolder() => Assert.Empty(
        from path in HandWritten()
        let declared = Namespace().Match(Checkout.Read(path))
        where declared.Success && declared.Groups[1].Value != Path.GetDirectoryName(path)!["src/".Length..].Replace('/', '.')
        select $"{path}: namespace {declared.Groups[1].Value}");

    [Fact]
    public void Work_Anywhere_IsFinished() => Assert.Empty(Offending(_ => true, Unfinished()));

    private static IEnumerable<string> HandWritten() =>
        Checkout.Sources().Where(path => !path.EndsWith(".Generated.cs", StringComparison.Ordinal));

    private static IEnumerable<string> Offending(Func<string, bool> where, Regex what) =>
        from path in HandWritten()
        where @where(path)
        from line in Checkout.Read(path).Split('\n').Select((text, index) => (Text: text, Number: index + 1))
        where !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal) && what.IsMatch(line.Text)
        select $"{path}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"\bunsafe\s+(\w+\s+)*(class|struct|interface|void|static)\b|\bunsafe\s*\{|\bfixed\s*\(|\bstackalloc\s+\w+\s*\*|\b(byte|sbyte|short|ushort|int|uint|long|ulong|float|double|void|Half)\*")]
    private static partial Regex Pointer();

    [GeneratedRegex(@"\bcase\s+DType\.|\bDType\.\w+(\s+or\s+DType\.\w+)*\s*=>|switch\s*\(\s*\w*([dD]Type)\s*\)")]
    private static partial Regex DTypeArm();

    [GeneratedRegex(@"^(.*\.)?\w*(Common|Utils?|Utilities|Helpers?|Misc)(\.cs)?$")]
    private static partial Regex Nameless();

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Unfinished();
}
