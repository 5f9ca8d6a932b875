namespace Sluice.Local.Lifecycle;

/// <summary>A model in memory and the source over it.</summary>
internal sealed record LoadedModel(LocalModel Model, LocalSource Source) : IDisposable
{
    public void Dispose() => Model.Dispose();
}
