namespace Sluice.Gateway.Routing;

/// <summary>The least of the costs offered so far. Each of several equal ones is kept with the same chance.</summary>
internal struct LeastSoFar(Chance chance)
{
    private double _cost = double.PositiveInfinity;
    private int _equals;

    /// <summary>-1 before the first offer.</summary>
    public int Index { get; private set; } = -1;

    public void Offer(int index, double cost)
    {
        if (cost > _cost)
            return;
        _equals = cost < _cost ? 1 : _equals + 1;
        if (_equals == 1 || chance.Below(_equals) == 0)
            (Index, _cost) = (index, cost);
    }
}
