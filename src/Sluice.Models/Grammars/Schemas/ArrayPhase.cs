namespace Sluice.Models.Grammars.Schemas;

/// <summary>Where in an array a text stands.</summary>
internal enum ArrayPhase
{
    /// <summary>Behind the bracket.</summary>
    Opened,

    /// <summary>Behind an item.</summary>
    AfterItem,

    /// <summary>Behind a comma.</summary>
    AfterComma,
}
