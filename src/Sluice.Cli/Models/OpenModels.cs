using System.CommandLine;
using System.Security.Cryptography;
using Sluice.Cli.Flags;
using Sluice.Cli.Streams;
using Sluice.Core.Backend;
using Sluice.Cpu;
using Sluice.Local;

namespace Sluice.Cli.Models;

/// <summary>Models opened for generation, all on the one compute device of the process.</summary>
internal sealed class OpenModels : IDisposable
{
    private readonly IComputeDevice _device;
    private readonly List<LocalModel> _models = [];

    private OpenModels(IComputeDevice device) => _device = device;

    /// <summary>In the order they were named.</summary>
    public IReadOnlyList<LocalModel> Models => _models;

    public static Task<OpenModels> OpenAsync(Terminal terminal, IReadOnlyList<string> names, EngineFlags flags, ParseResult parsed)
    {
        var device = flags.ReadDevice(parsed);
        var options = flags.ReadModel(parsed);
        return Progress.ShowAsync(terminal, $"loading {string.Join(", ", names)}", () => Open(names, device, options, model => flags.CheckContext(parsed, model)));
    }

    /// <summary>Each model as a source of answers.</summary>
    public LocalSource[] CreateSources() => [.. _models.Select(model =>
        new LocalSource(model, TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue))))];

    public void Dispose()
    {
        foreach (LocalModel model in _models)
            model.Dispose();
        _device.Dispose();
    }

    private static OpenModels Open(IReadOnlyList<string> names, CpuDeviceOptions device, LocalModelOptions options, Action<LocalModel> check)
    {
        var opened = new OpenModels(new CpuDevice(device));
        try
        {
            foreach (string name in names)
            {
                LocalModel model = LocalModel.Open(name, options, opened._device);
                bool taken = opened._models.Any(other => other.Name == model.Name);
                opened._models.Add(model);
                check(model);
                if (taken)
                    throw new UsageException($"Two models would be called '{model.Name}': rename one of the files.");
            }
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
