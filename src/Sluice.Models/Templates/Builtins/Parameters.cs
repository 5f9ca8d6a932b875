using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>
/// The parameters of a builtin, written as in "width? first? blank?": a mark of ? means it may be left out, / at the end that all are
/// positional only, * alone that anything is taken as it comes.
/// </summary>
internal sealed class Parameters
{
    private readonly string[] _names;
    private readonly int _required;
    private readonly bool _positionalOnly;
    private readonly bool _any;

    public Parameters(string specification)
    {
        string[] words = specification.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _any = words is ["*"];
        _positionalOnly = words is [.., "/"];
        _required = words.Count(word => word is not ("*" or "/") && !word.EndsWith('?'));
        _names = [.. words.Where(word => word is not ("*" or "/")).Select(word => word.TrimEnd('?'))];
    }

    public Arguments Bind(string function, Arguments given)
    {
        if (_any || (_names.Length == 0 && given.Positional.Length == 0 && given.Keywords.Length == 0))
            return given;
        if (given.Positional.Length > _names.Length)
            throw new TemplateFault($"{function}() takes at most {_names.Length} argument(s), {given.Positional.Length} given");
        if (_positionalOnly && given.Keywords.Length > 0)
            throw new TemplateFault($"{function}() takes no keyword arguments");
        var slots = new Value?[_names.Length];
        given.Positional.CopyTo(slots, 0);
        foreach ((string name, Value value) in given.Keywords)
        {
            int slot = Array.IndexOf(_names, name);
            if (slot < 0)
                throw new TemplateFault($"{function}() got an unexpected keyword argument '{name}'");
            if (slots[slot] is not null)
                throw new TemplateFault($"{function}() got multiple values for argument '{name}'");
            slots[slot] = value;
        }
        for (int i = 0; i < _required; i++)
        {
            if (slots[i] is null)
                throw new TemplateFault($"{function}() missing required argument '{_names[i]}'");
        }
        return new Arguments(slots, []);
    }
}
