namespace Sluice.Cpu.Attention;

/// <summary>How a stored type fills the 32-bit words that a KV store is made of.</summary>
/// <param name="Elements">Elements in a word.</param>
/// <param name="ScaleDims">Dims of a token that share a scale (an F16); 0 where elements are what they are.</param>
internal readonly record struct KvFormat(int Elements, int ScaleDims);
