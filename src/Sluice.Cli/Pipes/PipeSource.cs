using System.Security.Cryptography;
using Sluice.Cli.Models;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Reports;
using Sluice.Pipe.Shapes;
using Sluice.Pipe.Sources;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Pipes;

/// <summary>Where a run's answers come from, open.</summary>
internal sealed class PipeSource : IAsyncDisposable
{
    private const string Router = "openrouter.ai";

    private readonly Func<ValueTask> _close;

    private PipeSource(ICompletionSource source, string model, Func<ValueTask> close)
    {
        Source = source;
        Model = model;
        _close = close;
    }

    public ICompletionSource Source { get; }

    /// <summary>The model's name as the source knows it.</summary>
    public string Model { get; }

    /// <summary>How it is asked to keep to a shape that is no schema.</summary>
    public WireForm Form { get; private init; } = WireForm.Schema;

    /// <summary>Whether it is a model in this process.</summary>
    public bool IsLocal => Form == WireForm.Guided;

    /// <summary>What its tokens cost, where a configuration says so; null where nobody does.</summary>
    public Prices? Prices { get; private init; }

    /// <summary>Whether it may be a router of providers, which is told to take only those that follow every parameter.</summary>
    public bool IsRouter { get; private init; }

    /// <summary>Never to be seen in anything that is written.</summary>
    public IReadOnlyList<string> Secrets { get; private init; } = [];

    public static PipeSource Of(OpenModel model)
    {
        var source = model.CreateSource();
        return new PipeSource(source, source.Info.Name, CloseAsync) { Form = WireForm.Guided };

        ValueTask CloseAsync()
        {
            model.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    /// <param name="fromConfig">Whether a configuration of fzp's form names the address; those are of routers unless told
    /// otherwise.</param>
    public static PipeSource Of(UrlPool pool, string model, string? key, bool fromConfig, IReadOnlyList<SourceUrl> urls) =>
        new(pool.Source, model, pool.DisposeAsync)
        {
            IsRouter = fromConfig || urls.Any(url => url.Address.Host.EndsWith(Router, StringComparison.OrdinalIgnoreCase)),
            Secrets = key is null ? [] : [key],
        };

    /// <param name="close">Closes the pools of a configuration file and all behind them.</param>
    /// <param name="secrets">Keys of its sources.</param>
    public static PipeSource Of(ICompletionSource pool, Func<ValueTask> close, IReadOnlyList<string> secrets, Prices? prices) =>
        new(pool, pool.Info.Name, close) { Secrets = secrets, Prices = prices };

    /// <summary>Asks it, and waits with it where it has too much to do.</summary>
    public Asker CreateAsker() => new(Source, new Patience(TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue))));

    public ValueTask DisposeAsync() => _close();
}
