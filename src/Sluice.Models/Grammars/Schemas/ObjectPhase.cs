namespace Sluice.Models.Grammars.Schemas;

/// <summary>Where in an object a text stands.</summary>
internal enum ObjectPhase
{
    /// <summary>Behind the brace.</summary>
    Opened,

    /// <summary>Behind a property's name.</summary>
    AfterKey,

    /// <summary>Behind its colon.</summary>
    AfterColon,

    /// <summary>Behind its value.</summary>
    AfterValue,

    /// <summary>Behind a comma.</summary>
    AfterComma,
}
