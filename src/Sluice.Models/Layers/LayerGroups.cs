using Sluice.Models.Architectures;

namespace Sluice.Models.Layers;

/// <summary>
/// Which KV group each layer belongs to: layers of the same window share one, in the order in which windows first appear.
/// </summary>
internal sealed class LayerGroups
{
    private readonly (int Group, int Index)[] _layers;
    private readonly List<int> _windows = [];

    public LayerGroups(ModelConfig config)
    {
        _layers = new (int Group, int Index)[config.Layers];
        var counts = new List<int>();
        for (int layer = 0; layer < config.Layers; layer++)
        {
            int window = config.LayerWindows.Count > 0 ? config.LayerWindows[layer] : 0;
            int group = _windows.IndexOf(window);
            if (group < 0)
            {
                group = _windows.Count;
                _windows.Add(window);
                counts.Add(0);
            }
            _layers[layer] = (group, counts[group]++);
        }
    }

    /// <summary>The window of each group; 0 for all positions.</summary>
    public IReadOnlyList<int> Windows => _windows;

    /// <summary>A layer's group, and its index in it.</summary>
    public (int Group, int Index) this[int layer] => _layers[layer];

    public int LayersIn(int group) => _layers.Count(layer => layer.Group == group);
}
