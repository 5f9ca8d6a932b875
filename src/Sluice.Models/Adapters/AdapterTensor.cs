using Sluice.Models.Files;

namespace Sluice.Models.Adapters;

/// <param name="Module">Name of the product it adapts, as the adapter's own format has it.</param>
/// <param name="IsUp">Whether it leads from the rank up to the outputs (B), not from the inputs down to it (A).</param>
internal sealed record AdapterTensor(TensorInfo Stored, string Module, bool IsUp);
