namespace Sluice.Cli.Load;

/// <param name="Least">Tokens.</param>
/// <param name="Most">Tokens, this many included.</param>
/// <param name="Weight">Beside those of the other ranges.</param>
internal sealed record LengthRange(int Least, int Most, double Weight)
{
    public override string ToString() => Least == Most ? $"{Least}" : $"{Least}-{Most}";
}
