namespace Sluice.Protocol.Sources;

/// <summary>A LoRA adapter of a model: requests name it as <c>model:adapter</c>.</summary>
/// <param name="Name">1 to 128 letters, digits, dots, hyphens and underscores.</param>
/// <param name="Path">A PEFT folder or a GGUF file, where the source can read it.</param>
/// <param name="Scale">What the adapter's own scale is multiplied by.</param>
public sealed record AdapterInfo(string Name, string Path, float Scale = 1);
