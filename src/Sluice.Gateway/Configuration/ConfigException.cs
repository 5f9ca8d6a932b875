namespace Sluice.Gateway.Configuration;

/// <summary>A configuration that cannot be used: file, line, what is wrong there and what is allowed.</summary>
public sealed class ConfigException(string file, int line, string problem, Exception? inner = null)
    : Exception($"{file}:{line}: {problem}", inner)
{
    /// <summary>Counted from 1.</summary>
    public int Line { get; } = line;
}
