namespace Sluice.Protocol.Sources;

/// <summary>A source that knows how busy it is; read whenever metrics are collected, from any thread.</summary>
public interface ILoadReporter
{
    SourceLoad Load { get; }
}
