namespace Sluice.Gateway.Configuration;

/// <summary>How log lines look.</summary>
public enum LogForm
{
    Text,

    /// <summary>One object a line.</summary>
    Json,
}
