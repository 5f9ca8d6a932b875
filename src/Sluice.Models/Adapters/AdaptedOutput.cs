using Sluice.Core.Backend;

namespace Sluice.Models.Adapters;

/// <summary>The output of a product that adapters may change.</summary>
internal readonly record struct AdaptedOutput(int Site, Tensor Output);
