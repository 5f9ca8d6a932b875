using System.Diagnostics;
using System.Text.Json;
using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Golden;

/// <summary>Hostile model files: each is refused with one line that names it, at once and without large allocations.</summary>
public sealed class BadFileTests
{
    private const long MaxAllocatedBytes = 50_000_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    /// <summary>Files whose bytes are in order and whose fault only shows when a model is built from them.</summary>
    private static readonly HashSet<string> WellFormed =
    [
        "control-ok.gguf", "missing-key.gguf", "missing-tensor.gguf", "wrong-shape.gguf", "heads0.gguf", "kvheads-nodiv.gguf",
        "blockcount-string.gguf", "ctx-huge.gguf", "nan-scales.gguf", "control-ok.safetensors",
    ];

    public static TheoryData<string> Files(string kind)
    {
        if (!GoldenData.Present)
            return ["control-ok." + kind]; // one case that skips, so that the theory is seen
        using var cases = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("gguf-bad/cases.json")));
        return [.. cases.RootElement.GetProperty("cases").EnumerateArray()
            .Where(c => c.GetProperty("kind").GetString() == kind)
            .Select(c => c.GetProperty("file").GetString()!)];
    }

    [Theory]
    [MemberData(nameof(Files), "gguf")]
    public void Gguf_HostileFile_IsRefusedInOneLine(string file) => Check(file, path => GgufFile.Open(path).Dispose());

    [Theory]
    [MemberData(nameof(Files), "safetensors")]
    public void Safetensors_HostileFile_IsRefusedInOneLine(string file) => Check(file, path => SafetensorsFile.Open(path).Dispose());

    private static void Check(string file, Action<string> open)
    {
        string path = GoldenData.Require("gguf-bad/" + file);
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Record.Exception(() => open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocatedBytes);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, MaxTime);

        if (WellFormed.Contains(file))
        {
            Assert.Null(fault);
            return;
        }
        TestContext.Current.TestOutputHelper?.WriteLine(fault?.Message ?? "opened");
        var refusal = Assert.IsType<ModelFileException>(fault);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
