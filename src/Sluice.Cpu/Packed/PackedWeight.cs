using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Packed;

/// <summary>A weight in packed form, and what computes with it.</summary>
/// <param name="Memory">Where it lies; to be released with it.</param>
internal sealed record PackedWeight(MatrixKernel Kernel, StoredMatrix Matrix, WeightStretch Memory);
