namespace Sluice.Cpu.Packed;

/// <summary>What a product fetches besides what it reads.</summary>
internal enum Fetch
{
    /// <summary>
    /// Where another tile fetches, and for one row of most formats, whose own loads run far enough ahead. Fetching made Q4_0 and Q4_K 5 to 25 per cent
    /// slower there, as leaving it out makes eight rows (Zen 4).
    /// </summary>
    Nothing,

    /// <summary>As many bytes as it reads, into the nearest cache: what it will read itself in a moment.</summary>
    Soon,

    /// <summary>Half as many, into the second-level cache: a part of the next panel.</summary>
    Later,
}
