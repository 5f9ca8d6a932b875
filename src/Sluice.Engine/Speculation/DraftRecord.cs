namespace Sluice.Engine.Speculation;

/// <summary>How proposals have fared: a chance that follows the last few, and what may be spent on trying again.</summary>
/// <param name="remembered">What of the past counts on after each token.</param>
internal sealed class DraftRecord(double remembered = 0.8)
{
    private double _tried;
    private double _accepted;

    /// <summary>Most tokens to propose in this step.</summary>
    public int Wanted { get; set; }

    /// <summary>What its tokens took since its prompt, in ms.</summary>
    public double SpentMs { get; set; }

    /// <summary>What may be spent on proposals that are not believed in, in ms.</summary>
    public double Credit { get; set; }

    /// <summary>How likely a proposed token is the one that is drawn, given that those before it were.</summary>
    /// <param name="usual">What is believed before anything is known; counts as one trial.</param>
    public double Chance(double usual) => (_accepted + usual) / (_tried + 1);

    /// <summary>Learns from the tokens up to the first that was refused: those behind it say nothing.</summary>
    public void Learn(int proposed, int accepted)
    {
        for (int i = 0; i < Math.Min(accepted + 1, proposed); i++)
        {
            _tried = remembered * _tried + 1;
            _accepted = remembered * _accepted + (i < accepted ? 1 : 0);
        }
    }
}
