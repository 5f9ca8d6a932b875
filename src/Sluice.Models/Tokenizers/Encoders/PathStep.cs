namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>The best way to reach a place in a piece: the last token of it, where that begins, and the score so far.</summary>
internal struct PathStep
{
    /// <summary>Id of a character that is no token.</summary>
    public const int Unknown = -1;

    public int Start;
    public int Id;
    public double Score;

    public static PathStep Unreached => new() { Start = -1 };

    /// <summary>Takes a way that is better than the one known, or the first.</summary>
    public void Offer(int start, int id, double score)
    {
        if (Start >= 0 && score <= Score)
            return;
        Start = start;
        Id = id;
        Score = score;
    }
}
