namespace Sluice.Models.Adapters;

/// <summary>A product of a model that adapters may change; sizes are the whole model's, whatever part of it a rank holds.</summary>
/// <param name="Name">Its weight's GGUF name, without <c>.weight</c>.</param>
/// <param name="HuggingFaceName">The module's name there.</param>
/// <param name="SplitByInputs">Whether ranks hold parts of its inputs; of its outputs otherwise.</param>
/// <param name="PermutedHeads">Heads whose rows GGUF stores in another order than Hugging Face: pairs that rotate together side by side
/// instead of half a head apart. 0 where both have the same order.</param>
internal sealed record AdapterSite(
    string Name, string HuggingFaceName, int Outputs, int Inputs, bool SplitByInputs = false, int PermutedHeads = 0);
