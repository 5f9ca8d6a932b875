namespace Sluice.Gateway.Admission;

/// <summary>
/// How many requests at one time a server should take, found by looking: while first tokens come as quickly as they used to, a few more;
/// when they come later, fewer, in proportion (the gradient of Netflix's concurrency limits, second version). Guarded by its owner.
/// </summary>
/// <param name="most">Never more than so many.</param>
internal sealed class GradientLimit(int most)
{
    private const int Least = 4;
    private const int Begin = 32;
    private const double Tolerance = 1.5; // of the usual time, before it counts as later
    private const double UsualWeight = 1.0 / 300; // how slowly the usual time follows
    private const double Smoothing = 0.2;

    private double _limit = Math.Min(Begin, most);
    private double _usual;

    public int Places => (int)_limit;

    /// <param name="first">Time to the first token of a request, its wait in the queue not included.</param>
    /// <param name="inside">Requests inside when it ended.</param>
    public void Observe(TimeSpan first, int inside)
    {
        double seconds = Math.Max(first.TotalSeconds, 1e-6);
        _usual = _usual == 0 ? seconds : _usual + ((seconds - _usual) * UsualWeight);
        if (inside < _limit / 2)
            return; // the limit was not what kept them
        double gradient = Math.Clamp(Tolerance * _usual / seconds, 0.5, 1);
        double next = (_limit * gradient) + Math.Sqrt(_limit);
        _limit = Math.Clamp((_limit * (1 - Smoothing)) + (next * Smoothing), Math.Min(Least, most), most);
    }
}
