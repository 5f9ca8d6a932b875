using System.CommandLine;
using System.Security.Cryptography;
using Sluice.Cli.Flags;
using Sluice.Cli.Streams;
using Sluice.Core.Backend;
using Sluice.Cpu;
using Sluice.Local;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Models;

/// <summary>One model opened for generation, with the compute device of the process.</summary>
internal sealed class OpenModel : IDisposable
{
    private readonly IComputeDevice _device;

    private OpenModel(IComputeDevice device, LocalModel model)
    {
        _device = device;
        Model = model;
    }

    public LocalModel Model { get; }

    /// <param name="adapter">None, or the one that is answered through.</param>
    public static Task<OpenModel> OpenAsync(
        Terminal terminal, string name, EngineFlags flags, IReadOnlyList<AdapterInfo> adapter, ParseResult parsed)
    {
        var device = flags.ReadDevice(parsed);
        var options = flags.ReadModel(parsed) with { Adapters = adapter };
        return Progress.ShowAsync(
            terminal, $"loading {name}",
            () => Open(name, device, options, model => flags.CheckContext(parsed, model.Name, model.Package.Config)));
    }

    /// <summary>The model as a source of answers.</summary>
    public LocalSource CreateSource() => new(Model, TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));

    public void Dispose()
    {
        Model.Dispose();
        _device.Dispose();
    }

    private static OpenModel Open(string name, CpuDeviceOptions options, LocalModelOptions model, Action<LocalModel> check)
    {
        var device = new CpuDevice(options);
        LocalModel? opened = null;
        try
        {
            opened = LocalModel.Open(name, model, device);
            check(opened);
            return new OpenModel(device, opened);
        }
        catch
        {
            opened?.Dispose();
            device.Dispose();
            throw;
        }
    }
}
