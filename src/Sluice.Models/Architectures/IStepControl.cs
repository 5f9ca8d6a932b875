namespace Sluice.Models.Architectures;

/// <summary>Asked between layers whether anybody still wants the step. Answering must be cheap.</summary>
public interface IStepControl
{
    bool Abandoned { get; }
}
