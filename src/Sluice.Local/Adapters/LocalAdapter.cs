using Sluice.Core.Memory;
using Sluice.Engine.Adapters;
using Sluice.Protocol.Sources;

namespace Sluice.Local.Adapters;

/// <summary>An adapter that is attached to a model.</summary>
/// <param name="Number">By which the model knows it.</param>
/// <param name="Requests">How its requests name it to the engine.</param>
/// <param name="Memory">What its matrices take.</param>
internal sealed record LocalAdapter(AdapterInfo Info, int Number, EngineAdapter Requests, MemoryLease Memory);
