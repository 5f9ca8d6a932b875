using System.Diagnostics;
using Sluice.Cli.Peers;
using Sluice.Cli.Streams;
using Sluice.Cpu;

namespace Sluice.Cli.Bench;

/// <summary>One model's speed, phase by phase, beside the limits of the machine in the same minutes.</summary>
internal sealed class SpeedBench(Terminal terminal, BenchSettings settings, BenchedModel benched)
{
    /// <summary>The best seen so far: a machine that is shared gives less from one minute to the next, never more than it has.</summary>
    private ArithmeticPeak? _peak;

    public async Task<SpeedReport> MeasureAsync(CancellationToken cancellation)
    {
        var (package, test) = (benched.Model.Package, benched.Test);
        var profiles = new List<PhaseProfile>();
        var work = PromptWork.Of(package);

        await LookForPeakAsync(work);
        double prefillTps = await ProfiledAsync(profiles, "prefill",
            () => ShowAsync($"prefill of {settings.PromptTokens} tokens", () => test.PrefillAsync(settings.PromptTokens, cancellation)));
        await LookForPeakAsync(work);

        DecodeSpeed shallow = await ProfiledAsync(profiles, "decode", () => DecodeAsync(0, cancellation));
        var deep = new List<DecodeSpeed>();
        benched.Context.Fills = true;
        foreach (int depth in settings.Depths)
            deep.Add(await DecodeAsync(depth, cancellation));
        benched.Context.Fills = false;
        var batched = new List<(int, double)>();
        foreach (int sequences in settings.Batches)
            batched.Add((sequences, await BatchAsync(sequences, cancellation)));
        long resident = Process.GetCurrentProcess().WorkingSet64;
        return new SpeedReport(settings, benched.Model.Name, benched.Device.Name, benched.Device.Threads, package.TensorBytes, prefillTps,
            work.Operations(settings.PromptTokens), _peak, shallow, deep, batched, benched.LoadMs, resident, profiles);
    }

    /// <summary>Prefill, decode and batches alone, for comparing with somebody else's.</summary>
    public async Task<PeerSpeed> MeasureSpeedAsync(CancellationToken cancellation)
    {
        double prefillTps = await ShowAsync("prefill", () => benched.Test.PrefillAsync(settings.PromptTokens, cancellation));
        double decodeTps = await ShowAsync("decode", () => benched.Test.DecodeAsync(1, 0, settings.DecodedTokens, cancellation));
        var batched = new SortedDictionary<int, double>();
        foreach (int sequences in settings.Batches)
            batched[sequences] = await BatchAsync(sequences, cancellation);
        return new PeerSpeed(prefillTps, decodeTps, batched);
    }

    private async Task<DecodeSpeed> DecodeAsync(int depth, CancellationToken cancellation)
    {
        long bytesPerToken = StreamedBytes.Of(benched.Model.Package, benched.Model.Engine).PerToken(depth, settings.DecodedTokens);
        using var bandwidth = new ReadBandwidth(benched.Device);
        return new DecodeSpeed(depth, bytesPerToken, await ShowAsync($"decode of {settings.DecodedTokens} tokens after {depth}", () =>
            benched.Test.DecodeBesideAsync(bandwidth, benched.Context, depth, settings.DecodedTokens, cancellation)));
    }

    private Task<double> BatchAsync(int sequences, CancellationToken cancellation) =>
        ShowAsync($"decode of {sequences} sequences", () => benched.Test.DecodeAsync(sequences, 0, settings.DecodedTokens, cancellation));

    /// <summary>Runs a phase and, where a profile is kept, adds what it says of the runs that count.</summary>
    private async Task<T> ProfiledAsync<T>(List<PhaseProfile> profiles, string phase, Func<Task<T>> measure)
    {
        if (benched.Profile is not { } profile)
            return await measure();
        benched.Test.Warmed = profile.Reset;
        T result = await measure();
        benched.Test.Warmed = null;
        profiles.Add(new PhaseProfile(phase, settings.Runs, benched.Test.Measured, profile.Read(new LayerKinds(benched.Model.Package.Tensors).NameOf)));
        return result;
    }

    private async Task LookForPeakAsync(PromptWork work)
    {
        ArithmeticPeak? found = await ShowAsync("arithmetic", () => Task.FromResult(ArithmeticPeak.Measure(benched.Device, work.Type)));
        if (found is not null && (_peak is null || found.Gops > _peak.Gops))
            _peak = found;
    }

    private Task<T> ShowAsync<T>(string what, Func<Task<T>> work) => Progress.ShowAsync(terminal, what, work);
}
