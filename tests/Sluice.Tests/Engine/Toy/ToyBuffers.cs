using Sluice.Models.Architectures;

namespace Sluice.Tests.Engine.Toy;

internal sealed class ToyBuffers(int maxRows, int maxOutputs)
    : ForwardBuffers(new ToyBackend(), ToyModel.Dim, ToyModel.Vocabulary, maxRows, maxOutputs);
