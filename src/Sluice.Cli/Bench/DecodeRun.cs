using System.Diagnostics;
using Sluice.Cpu;

namespace Sluice.Cli.Bench;

/// <summary>
/// One sequence that decodes, in slices of a few tokens with a measurement of the memory before and after each: what a shared machine's memory gives may double
/// within seconds, so only what stands right beside it is a limit.
/// </summary>
/// <param name="tokens">How many are counted; at least one.</param>
internal sealed class DecodeRun(ReadBandwidth bandwidth, int tokens)
{
    private static readonly TimeSpan ShortestSlice = TimeSpan.FromMilliseconds(50);
    private readonly List<DecodeSlice> _slices = [];
    private int _steps, _counted;
    private long _sliceBegan;
    private double _gbps;

    public IReadOnlyList<DecodeSlice> Slices => _slices;

    public double Tps => _slices.Sum(slice => slice.Tokens) / _slices.Sum(slice => slice.Time.TotalSeconds);

    /// <summary>What the measurements of the memory took, which is no part of any slice.</summary>
    public TimeSpan Aside { get; private set; }

    /// <summary>To be called before each step of one row, in the engine's turn on the device; a token lies between two calls.</summary>
    public void OnStep()
    {
        int token = _steps++;
        if (token == 0)
            BeginSlice();
        else if (token <= tokens && (Stopwatch.GetElapsedTime(_sliceBegan) >= ShortestSlice || token == tokens))
            EndSlice(token);
    }

    private void EndSlice(int token)
    {
        TimeSpan time = Stopwatch.GetElapsedTime(_sliceBegan);
        double before = _gbps;
        int counted = token - _counted;
        _counted = token;
        BeginSlice();
        _slices.Add(new DecodeSlice(counted, time, (before + _gbps) / 2));
    }

    private void BeginSlice()
    {
        long began = Stopwatch.GetTimestamp();
        _gbps = bandwidth.Measure();
        _sliceBegan = Stopwatch.GetTimestamp();
        Aside += Stopwatch.GetElapsedTime(began, _sliceBegan);
    }
}
