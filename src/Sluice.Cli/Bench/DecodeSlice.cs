namespace Sluice.Cli.Bench;

/// <summary>Some tokens one after the other, and what the memory gave beside them, in GB (10^9 bytes) per second.</summary>
internal readonly record struct DecodeSlice(int Tokens, TimeSpan Time, double Gbps)
{
    /// <param name="bytesPerToken">Weights and KV that one token reads.</param>
    public double ShareOf(long bytesPerToken) => Tokens * (double)bytesPerToken / (Time.TotalSeconds * Gbps * 1e9);
}
