using Sluice.Core.Backend;

namespace Sluice.Models.Adapters;

/// <summary>An adapter on a backend: this rank's part of its matrices, by site; null where it changes nothing.</summary>
internal sealed class AttachedAdapter(AdapterWeights weights, int sites) : IDisposable
{
    private readonly (Weight Down, Weight Up, float Scale)?[] _bySite = new (Weight, Weight, float)?[sites];

    public (Weight Down, Weight Up, float Scale)? this[int site]
    {
        get => _bySite[site];
        set => _bySite[site] = value;
    }

    public void Dispose()
    {
        foreach (var matrices in _bySite)
        {
            matrices?.Down.Dispose();
            matrices?.Up.Dispose();
        }
        weights.Dispose();
    }
}
