using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Ranks;
using Sluice.Models.Files;

namespace Sluice.Models.Adapters;

/// <summary>
/// The adapters of one model on one rank: which of its products they may change, and those attached now, by number. A step's batch names
/// the adapter of each sequence by that number. Attaching and detaching is done between steps, by whoever holds the device; detaching only when
/// no sequence names the adapter any more.
/// </summary>
/// <param name="architecture">The model's, in GGUF's words.</param>
/// <param name="ggufOrder">Whether the model's rows are in GGUF's order.</param>
public sealed class AdapterTable(IBackend backend, ICollective collective, string architecture, bool ggufOrder)
    : IDisposable
{
    private readonly List<AdapterSite> _sites = [];
    private readonly Dictionary<string, int> _siteByName = [];

    // Grows by copy: the engine's thread reads it without a lock. Number 0 is the model without an adapter.
    private volatile AttachedAdapter?[] _attached = [null];

    internal AttachedAdapter? this[int number] => _attached[number];

    /// <summary>Opens a product to adapters; returns the number by which its layer asks for what they add.</summary>
    internal int Open(AdapterSite site)
    {
        _sites.Add(site);
        _siteByName.Add(site.Name, _sites.Count - 1);
        if (site.HuggingFaceName != site.Name)
            _siteByName.Add(site.HuggingFaceName, _sites.Count - 1);
        return _sites.Count - 1;
    }

    /// <summary>Bytes that <see cref="Read"/> will take.</summary>
    /// <exception cref="ModelFileException">As <see cref="Read"/>.</exception>
    public long BytesOf(AdapterPackage adapter) => Pair(adapter).Sum(pair => AdapterWeights.BytesOf(pair.Down.Stored, pair.Up.Stored));

    /// <summary>Reads an adapter's matrices as this model wants them. From any thread.</summary>
    /// <param name="scale">What the adapter's own scale is multiplied by.</param>
    /// <exception cref="ModelFileException">It was made for another model; names the tensor.</exception>
    public AdapterWeights Read(AdapterPackage adapter, float scale = 1)
    {
        var weights = new AdapterWeights();
        try
        {
            foreach (var (site, down, up) in Pair(adapter))
            {
                float own = adapter.ScaleOf(down.Module, down.Stored.Rows);
                weights.Add(site, adapter.Open(down), up.Stored, adapter.Open(up), SourceRows(_sites[site], adapter.IsGguf), scale * own);
            }
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Opens this rank's part of an adapter on the backend; the table owns it from then on.</summary>
    /// <returns>The number that batches name it by.</returns>
    /// <exception cref="SluiceException">The backend cannot compute its type.</exception>
    public int Attach(AdapterWeights weights)
    {
        var adapter = new AttachedAdapter(weights, _sites.Count);
        try
        {
            foreach (var (site, down, up, scale) in weights.Matrices)
            {
                var (downPart, upPart) = (down.View, up.View);
                if (_sites[site].SplitByInputs)
                    downPart = downPart.SliceCols(downPart.Cols / collective.Size * collective.Rank, downPart.Cols / collective.Size);
                else
                    upPart = upPart.SliceRows(upPart.Rows / collective.Size * collective.Rank, upPart.Rows / collective.Size);
                adapter[site] = (backend.Memory.LoadMatrix(downPart), backend.Memory.LoadMatrix(upPart), scale);
            }
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
        int free = Array.IndexOf(_attached, null, 1);
        AttachedAdapter?[] all = free < 0 ? [.. _attached, adapter] : [.. _attached];
        int number = free < 0 ? all.Length - 1 : free;
        all[number] = adapter;
        _attached = all;
        return number;
    }

    /// <summary>Takes an adapter out and frees its matrices.</summary>
    public void Detach(int number)
    {
        AttachedAdapter?[] left = [.. _attached];
        using var adapter = left[number];
        left[number] = null;
        _attached = left;
    }

    /// <summary>Frees those that are still attached; with the model.</summary>
    public void Dispose()
    {
        foreach (var adapter in _attached)
            adapter?.Dispose();
        _attached = [null];
    }

    /// <summary>The adapter's tensors by the product that they change, checked against it.</summary>
    private List<(int Site, AdapterTensor Down, AdapterTensor Up)> Pair(AdapterPackage adapter)
    {
        if (adapter.Architecture is { } made && made != architecture)
        {
            throw new ModelFileException(
                adapter.Path, $"was made for architecture {Printable.Quote(made)}; this model's is '{architecture}'");
        }
        var pairs = new Dictionary<int, (AdapterTensor? Down, AdapterTensor? Up)>();
        foreach (var tensor in adapter.Tensors)
        {
            if (!_siteByName.TryGetValue(tensor.Module, out int site))
                throw NoSite(adapter, tensor);
            var (down, up) = pairs.GetValueOrDefault(site);
            if ((tensor.IsUp ? up : down) is { } other)
                throw new ModelFileException(adapter.Path, $"has two tensors for the same matrix: {Quote(other)} and {Quote(tensor)}");
            pairs[site] = tensor.IsUp ? (down, tensor) : (tensor, up);
        }
        if (pairs.Count == 0)
            throw new ModelFileException(adapter.Path, "has no tensors");
        return [.. pairs.OrderBy(pair => pair.Key)
            .Select(pair => Check(adapter, _sites[pair.Key], pair.Key, pair.Value.Down, pair.Value.Up))];
    }

    private static (int, AdapterTensor, AdapterTensor) Check(
        AdapterPackage adapter, AdapterSite site, int number, AdapterTensor? down, AdapterTensor? up)
    {
        if (down is null || up is null)
            throw new ModelFileException(adapter.Path, $"has {Quote((down ?? up)!)} but not the other matrix of that pair");
        long rank = down.Stored.Shape[0];
        if (down.Stored.Shape.Length != 2 || rank < 1 || down.Stored.Cols != site.Inputs)
            throw Misshapen(down, $"[rank, {site.Inputs}]");
        if (up.Stored.Shape.Length != 2 || up.Stored.Rows != site.Outputs || up.Stored.Cols != rank)
            throw Misshapen(up, $"[{site.Outputs}, {rank}]");
        return (number, down, up);

        ModelFileException Misshapen(AdapterTensor tensor, string expected) => new(adapter.Path,
            $"tensor {Quote(tensor)} has shape [{string.Join(", ", tensor.Stored.Shape)}]; this model expects {expected}",
            tensor.Stored.Offset);
    }

    private UnsupportedModelException NoSite(AdapterPackage adapter, AdapterTensor tensor)
    {
        var open = _sites.Select(site => (adapter.IsGguf ? site.Name : site.HuggingFaceName).Split('.')[^1]).Distinct();
        return new UnsupportedModelException(adapter.Path,
            $"tensor {Quote(tensor)} changes a part that this model does not open to adapters; it opens {string.Join(", ", open)}");
    }

    /// <summary>
    /// Where a row of the model lies in the adapter. In GGUF's order, output 2j + s of a head is what Hugging Face has at s · half + j.
    /// </summary>
    private Func<long, long> SourceRows(AdapterSite site, bool adapterInGgufOrder)
    {
        if (site.PermutedHeads == 0 || adapterInGgufOrder == ggufOrder)
            return row => row;
        long head = site.Outputs / site.PermutedHeads, half = head / 2;
        return ggufOrder
            ? row => row / head * head + row % 2 * half + row % head / 2
            : row => row / head * head + row % head % half * 2 + row % head / half;
    }

    private static string Quote(AdapterTensor tensor) => Printable.Quote(tensor.Stored.Name);
}
