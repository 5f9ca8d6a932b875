namespace Sluice.Gateway.Configuration;

/// <summary>What a key may do; each may what the ones after it may.</summary>
public enum KeyRole
{
    Admin,
    Operator,

    /// <summary>May ask for answers.</summary>
    Developer,

    /// <summary>May look: models and metrics.</summary>
    Viewer,
}
