using Sluice.Cpu.Linear;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Packed;

/// <summary>A weight in packed form, and what computes with it.</summary>
internal sealed record PackedWeight(MatrixKernel Kernel, StoredMatrix Matrix, BackendBuffer Memory);
