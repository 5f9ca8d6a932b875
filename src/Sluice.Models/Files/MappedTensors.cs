using Sluice.Core.Errors;
using Sluice.Core.Memory;

namespace Sluice.Models.Files;

/// <summary>The files of one model and the tensors in them, whatever the format: owns the mappings, finds and opens.</summary>
internal sealed class MappedTensors : IDisposable
{
    private readonly MappedFile[] _files;
    private readonly Dictionary<string, TensorInfo> _byName;

    /// <param name="files">The mapped files, which this now owns; <see cref="TensorInfo.File"/> indexes them.</param>
    /// <param name="tensors">All tensors in file order.</param>
    /// <exception cref="ModelFileException">Two tensors share a name. The files are then still the caller's.</exception>
    public MappedTensors(MappedFile[] files, List<TensorInfo> tensors)
    {
        _files = files;
        _byName = new Dictionary<string, TensorInfo>(tensors.Count);
        foreach (var tensor in tensors)
        {
            if (!_byName.TryAdd(tensor.Name, tensor))
                throw new ModelFileException(
                    files[tensor.File].Path, $"two tensors are named {Printable.Quote(tensor.Name)}", tensor.Offset);
        }
        All = tensors;
    }

    public IReadOnlyList<TensorInfo> All { get; }

    public TensorInfo? Find(string name) => _byName.GetValueOrDefault(name);

    public TensorView Open(TensorInfo tensor) => _files[tensor.File].View(tensor.Offset, tensor.Type, tensor.Rows, tensor.Cols);

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }
}
