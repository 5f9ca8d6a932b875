namespace Sluice.Engine.Speculation;

/// <summary>
/// What steps take that only decode, by their rows, from those that were run. Pure: it is told what steps took.
/// </summary>
internal sealed class StepCosts
{
    /// <summary>What a further row adds to a step of one row, where nothing was measured: about what it is on a CPU.</summary>
    private const double UsualShare = 0.15;

    /// <summary>
    /// Steps after which a number of rows that was not met again counts as unknown: contexts grow, and a single time may have been bad.
    /// </summary>
    private const int Lasts = 256;

    private readonly double[] _ms;
    private readonly int[] _seen;
    private int _step;

    /// <param name="rows">Most rows of a step that only decodes, drafts included.</param>
    public StepCosts(int rows)
    {
        _ms = new double[rows + 1];
        _seen = new int[rows + 1];
    }

    /// <summary>Whether anything was measured; until then times are relative to a step of one row.</summary>
    public bool Known => _step > 0;

    public void Observe(int rows, double ms)
    {
        bool known = IsKnown(rows);
        _seen[rows] = ++_step;
        _ms[rows] = known ? Follow(_ms[rows], ms) : ms;
    }

    /// <summary>
    /// Brings an estimate nearer to the last time. Times are longer than they need be for many reasons, the first one always, and never
    /// shorter: so it falls faster than it rises.
    /// </summary>
    public static double Follow(double estimate, double ms) => estimate + (ms < estimate ? 0.3 : 0.1) * (ms - estimate);

    /// <summary>What a step would take, in ms: between numbers of rows that were met on a line, beyond them as is usual.</summary>
    public double MsOf(int rows)
    {
        int below = rows, above = rows;
        while (below > 0 && !IsKnown(below))
            below--;
        while (above < _ms.Length && !IsKnown(above))
            above++;
        if (above == _ms.Length)
            return below == 0 ? Usual(rows) : _ms[below] * Usual(rows) / Usual(below);
        if (below == 0)
            return _ms[above] * Usual(rows) / Usual(above);
        return below == above ? _ms[rows] : _ms[below] + (_ms[above] - _ms[below]) * (rows - below) / (above - below);
    }

    private bool IsKnown(int rows) => _seen[rows] > 0 && _step - _seen[rows] < Lasts;

    private static double Usual(int rows) => 1 + UsualShare * (rows - 1);
}
