using System.CommandLine;
using System.Security.Cryptography;
using Sluice.Cli.Flags;
using Sluice.Cli.Streams;
using Sluice.Core.Backend;
using Sluice.Cpu;
using Sluice.Local;

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

    public static Task<OpenModel> OpenAsync(Terminal terminal, string name, EngineFlags flags, ParseResult parsed)
    {
        var device = flags.ReadDevice(parsed);
        var options = flags.ReadModel(parsed);
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
