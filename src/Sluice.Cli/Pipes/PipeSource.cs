using Sluice.Cli.Models;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Pipes;

/// <summary>Where a run's answers come from, open.</summary>
internal sealed class PipeSource : IAsyncDisposable
{
    private readonly IDisposable? _owned;

    private PipeSource(ICompletionSource source, string model, IDisposable? owned)
    {
        Source = source;
        Model = model;
        _owned = owned;
    }

    public ICompletionSource Source { get; }

    /// <summary>The model's name as the source knows it.</summary>
    public string Model { get; }

    /// <summary>Whether it answers in this process.</summary>
    public bool IsLocal { get; private init; }

    /// <summary>Whether it is a router of providers, which is told to take only those that follow every parameter.</summary>
    public bool IsRouter { get; private init; }

    /// <summary>Never to be seen in anything that is written; null where there is none.</summary>
    public string? Key { get; private init; }

    public static PipeSource Of(OpenModel model)
    {
        var source = model.CreateSource();
        return new PipeSource(source, source.Info.Name, model) { IsLocal = true };
    }

    public ValueTask DisposeAsync()
    {
        _owned?.Dispose();
        return ValueTask.CompletedTask;
    }
}
