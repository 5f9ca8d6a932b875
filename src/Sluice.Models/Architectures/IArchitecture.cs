using Sluice.Core.Backend;
using Sluice.Core.Ranks;

namespace Sluice.Models.Architectures;

/// <summary>A family of models: reads their numbers, names their tensors, builds them. One file each; listed in <see cref="ArchitectureRegistry"/>.</summary>
public interface IArchitecture
{
    /// <summary>Values of GGUF's general.architecture.</summary>
    IReadOnlyList<string> GgufNames { get; }

    /// <summary>Values of config.json's model_type.</summary>
    IReadOnlyList<string> HuggingFaceNames { get; }

    /// <summary>The Hugging Face name of a tensor from its GGUF name.</summary>
    string HuggingFaceTensorName(string name);

    /// <exception cref="Core.Errors.ModelFileException">A number is missing, out of range or inconsistent.</exception>
    ModelConfig ReadConfig(IHyperParameters parameters, ModelWeights weights);

    /// <summary>Opens this rank's part of the weights on a backend.</summary>
    /// <exception cref="Core.Errors.ModelFileException">A tensor is missing, has another shape, or is one too many.</exception>
    ILanguageModel Build(ModelConfig config, ModelWeights weights, IBackend backend, ICollective collective);
}
