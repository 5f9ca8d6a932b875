namespace Sluice.Core.Backend;

/// <summary>Rotary position embedding, reduced to what a backend needs. Scaling methods (linear, YaRN, llama3) are folded into it by the model.</summary>
/// <param name="InverseFrequencies">Angle per position of each pair, rotary dims / 2 values.</param>
/// <param name="Magnitude">Factor on cosine and sine (YaRN's attention factor; 1 otherwise).</param>
/// <param name="Layout">Which two values of a head form a pair.</param>
public sealed record RopeSpec(float[] InverseFrequencies, float Magnitude, RopeLayout Layout)
{
    public int RotaryDims => InverseFrequencies.Length * 2;
}
