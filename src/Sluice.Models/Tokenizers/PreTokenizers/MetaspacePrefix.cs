namespace Sluice.Models.Tokenizers.PreTokenizers;

/// <summary>Where a mark is put before text that has none.</summary>
internal enum MetaspacePrefix
{
    Always,

    /// <summary>Only at the start of the whole text, not behind an added token.</summary>
    First,

    Never,
}
