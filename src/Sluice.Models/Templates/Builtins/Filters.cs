using System.Collections.Frozen;

namespace Sluice.Models.Templates.Builtins;

/// <summary>All filters by name. A new filter is a function in one of the groups and its line in that group's list.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Builtin> Table = new[]
    {
        TextFilters.All, LayoutFilters.All, MarkupFilters.All, NumberFilters.All,
        SequenceFilters.All, OrderFilters.All, SelectionFilters.All,
    }.SelectMany(group => group).ToFrozenDictionary(filter => filter.Name);

    public static Builtin? Find(string name) => Table.GetValueOrDefault(name);
}
