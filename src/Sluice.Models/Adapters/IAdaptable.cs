namespace Sluice.Models.Adapters;

/// <summary>A model that takes LoRA adapters.</summary>
public interface IAdaptable
{
    AdapterTable Adapters { get; }
}
