namespace Sluice.Engine.Speculation;

/// <summary>
/// What a further row costs in a step that only decodes, from those that were run: a line through their times, drawn towards what is usual
/// while they all have about as many rows. Pure: it is told what steps took.
/// </summary>
internal sealed class StepCosts
{
    /// <summary>On a CPU that computes from memory; a few more rows of a small model cost less, of a large one not much more.</summary>
    private const double UsualShare = 0.15;

    /// <summary>How many rows apart steps have to be for their times to count as much as what is usual, squared.</summary>
    private const double Doubt = 0.1;

    private const double Remembered = 0.98;

    private double _steps;
    private double _rows;
    private double _squares;
    private double _ms;
    private double _products;

    /// <summary>A step of one row, in ms; 0 while nothing is known.</summary>
    public double OneRowMs { get; private set; }

    /// <summary>What each further row adds, as a share of a step of one row.</summary>
    public double RowShare { get; private set; } = UsualShare;

    public void Observe(int rows, double ms)
    {
        _steps = Remembered * _steps + 1;
        _rows = Remembered * _rows + rows;
        _squares = Remembered * _squares + (double)rows * rows;
        _ms = Remembered * _ms + ms;
        _products = Remembered * _products + rows * ms;

        double rowsMean = _rows / _steps, msMean = _ms / _steps;
        double variance = _squares / _steps - rowsMean * rowsMean, covariance = _products / _steps - rowsMean * msMean;
        double usual = UsualShare * msMean / (1 + UsualShare * (rowsMean - 1));
        double slope = (covariance + Doubt * usual) / (variance + Doubt);
        slope = Math.Clamp(slope, 0, msMean / rowsMean); // rows are not free of charge, nor dearer than steps
        OneRowMs = msMean - slope * (rowsMean - 1);
        RowShare = OneRowMs > 0 ? Math.Clamp(slope / OneRowMs, 0.01, 1) : UsualShare;
    }
}
