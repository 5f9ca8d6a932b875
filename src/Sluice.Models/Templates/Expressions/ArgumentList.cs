using Sluice.Models.Templates.Builtins;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>What stands in the brackets of a call, filter or test: `a, b, *more, name=c, **named`.</summary>
internal sealed class ArgumentList(
    Expression[] positional, (string Name, Expression Value)[] keywords, Expression? star, Expression? doubleStar)
{
    public static readonly ArgumentList Empty = new([], [], null, null);

    public Arguments Evaluate(Rendering rendering)
    {
        if (positional.Length == 0 && keywords.Length == 0 && star is null && doubleStar is null)
            return Arguments.None;
        var values = new Value[positional.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = positional[i].Evaluate(rendering);
        if (star is not null)
            values = [.. values, .. Sequence.Items(star.Evaluate(rendering), rendering)];
        var named = new KeyValuePair<string, Value>[keywords.Length];
        for (int i = 0; i < named.Length; i++)
            named[i] = new(keywords[i].Name, keywords[i].Value.Evaluate(rendering));
        if (doubleStar is not null)
            named = [.. named, .. Named(doubleStar.Evaluate(rendering))];
        return new Arguments(values, named);
    }

    private static IEnumerable<KeyValuePair<string, Value>> Named(Value value)
    {
        if (value is not DictValue dict)
            throw new TemplateFault($"argument after ** must be a mapping, not {value.TypeName}");
        return dict.Entries.Select(entry => entry.Key is StringValue name
            ? new KeyValuePair<string, Value>(name.Content, entry.Value)
            : throw new TemplateFault("keywords must be strings"));
    }
}
