using System.Diagnostics;
using Sluice.Core.Backend;
using Sluice.Core.Profiling;
using Sluice.Cpu;
using Sluice.Engine;
using Sluice.Local;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Bench;

/// <summary>The model under measurement, open on a device of its own: between two measurements its threads sleep.</summary>
internal sealed class BenchedModel : IDisposable
{
    private BenchedModel(CpuDevice device, LocalModel model, FilledContext context, Profile? profile, SpeedTest test, double loadMs)
    {
        Device = device;
        Model = model;
        Context = context;
        Profile = profile;
        Test = test;
        LoadMs = loadMs;
    }

    public CpuDevice Device { get; }

    public LocalModel Model { get; }

    public FilledContext Context { get; }

    /// <summary>Null where none was asked for: the backend then is the device's own, without anything around it.</summary>
    public Profile? Profile { get; }

    public SpeedTest Test { get; }

    public double LoadMs { get; }

    public static BenchedModel Open(BenchSettings settings)
    {
        FilledContext? context = null;
        Profile? profile = settings.Profile ? new Profile() : null;
        long began = Stopwatch.GetTimestamp();
        var device = new CpuDevice(new CpuDeviceOptions { Threads = settings.Threads });
        try
        {
            IComputeDevice opened = profile is null ? device : new ProfilingDevice(device, profile);
            var model = LocalModel.Open(settings.Model, new LocalModelOptions
            {
                Engine = new EngineOptions
                {
                    ContextTokens = Math.Max(settings.PromptTokens, settings.Depths.Append(0).Max() + settings.DecodedTokens) + 3,
                    MaxSequences = settings.Batches.Max(),
                    MaxQueue = settings.Batches.Max(),
                    KvType = settings.KvType,
                    KvBytes = settings.Depths.Length > 0 ? BenchSettings.DeepKvBytes : new EngineOptions().KvBytes,
                    PrefixCache = false, // or the second run would find the first one's work
                    MergeIdentical = false, // or a batch would be one sequence
                },
                Adapters = [.. settings.Adapters.Select((path, i) => new AdapterInfo($"{i}", path))],
                Around = (inner, backend) => context = new FilledContext(inner, backend),
            }, opened);
            double loadMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            model.FinishLoading();
            var adapters = model.Adapters.Select(adapter => model.FindAdapter($"{model.Name}:{adapter.Name}"));
            var test = new SpeedTest(model.Engine, model.Package.Config.Vocabulary, settings.Runs, [.. adapters]);
            return new BenchedModel(device, model, context!, profile, test, loadMs);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Model.Dispose();
        Device.Dispose();
    }
}
