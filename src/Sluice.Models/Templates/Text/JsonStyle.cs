namespace Sluice.Models.Templates.Text;

/// <summary>How json.dumps writes.</summary>
/// <param name="AsciiOnly">Escape what is not ASCII.</param>
/// <param name="Indent">One level's white space; null for one line.</param>
/// <param name="SortKeys">Entries in the order of their keys, not as the dict has them.</param>
internal sealed record JsonStyle(bool AsciiOnly, string? Indent, string ItemSeparator, string KeySeparator, bool SortKeys);
