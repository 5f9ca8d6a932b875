namespace Sluice.Cpu.Packed;

/// <summary>What a product fetches besides what it reads.</summary>
internal enum Fetch
{
    Nothing,

    /// <summary>As many bytes as it reads, into the nearest cache: what it will read itself in a moment.</summary>
    Soon,

    /// <summary>Half as many, into the second-level cache: a part of the next panel.</summary>
    Later,
}
