namespace Sluice.Server;

/// <summary>Holds what is served now. Each request reads it once, so that it is answered by one configuration.</summary>
internal sealed class LiveServing(Serving first)
{
    private volatile Serving _current = first;

    public Serving Current
    {
        get => _current;
        set => _current = value;
    }
}
