using System.Collections.Frozen;
using System.Numerics;
using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Syntax;
using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>All tests by name: what may follow `is`.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Builtin> Table = new Builtin[]
    {
        Plain("defined", value => value is not UndefinedValue),
        Plain("undefined", value => value is UndefinedValue),
        Plain("none", value => value is NoneValue),
        Plain("boolean", value => value is BooleanValue),
        Plain("true", value => ReferenceEquals(value, BooleanValue.True)),
        Plain("false", value => ReferenceEquals(value, BooleanValue.False)),
        Plain("integer", value => value is IntegerValue),
        Plain("float", value => value is FloatValue),
        Plain("number", value => value is IntegerValue or FloatValue or BooleanValue),
        Plain("string", value => value is StringValue),
        Plain("mapping", value => value is DictValue),
        Plain("sequence", value => value is StringValue or ArrayValue or DictValue or RangeValue or UndefinedValue),
        Plain("iterable", value => value.Elements is not null || value is LoopValue),
        Plain("callable", value => value.IsCallable),
        Plain("escaped", value => value is StringValue { IsMarkup: true }),
        Plain("odd", value => Remainder(value, 2) == 1),
        Plain("even", value => Remainder(value, 2) == 0),
        new("divisibleby", "num", (rendering, value, arguments) =>
            BooleanValue.Of(!Arithmetic.Apply(TokenKind.Modulo, value, arguments[0]!, rendering).IsTrue)),
        OfText("lower", CaseMapping.IsLower),
        OfText("upper", CaseMapping.IsUpper),
        new("filter", "", (_, value, _) => BooleanValue.Of(value is StringValue name && Filters.Find(name.Content) is not null)),
        new("test", "", (_, value, _) => BooleanValue.Of(value is StringValue name && Find(name.Content) is not null)),
        new("sameas", "other", (_, value, arguments) => BooleanValue.Of(AreSame(value, arguments[0]!))),
        Comparing("in", ComparisonKind.In),
        Comparing("==", ComparisonKind.Equal),
        Comparing("eq", ComparisonKind.Equal),
        Comparing("equalto", ComparisonKind.Equal),
        Comparing("!=", ComparisonKind.NotEqual),
        Comparing("ne", ComparisonKind.NotEqual),
        Comparing(">", ComparisonKind.Greater),
        Comparing("gt", ComparisonKind.Greater),
        Comparing("greaterthan", ComparisonKind.Greater),
        Comparing(">=", ComparisonKind.GreaterOrEqual),
        Comparing("ge", ComparisonKind.GreaterOrEqual),
        Comparing("<", ComparisonKind.Less),
        Comparing("lt", ComparisonKind.Less),
        Comparing("lessthan", ComparisonKind.Less),
        Comparing("<=", ComparisonKind.LessOrEqual),
        Comparing("le", ComparisonKind.LessOrEqual),
    }.ToFrozenDictionary(test => test.Name);

    public static Builtin? Find(string name) => Table.GetValueOrDefault(name);

    private static Builtin Plain(string name, Predicate<Value> holds) => new(name, "", (_, value, _) => BooleanValue.Of(holds(value)));

    private static Builtin OfText(string name, Predicate<string> holds) => new(name, "", (rendering, value, _) =>
    {
        string text = value.Text(rendering);
        rendering.Meter.Inspect(text.Length);
        return BooleanValue.Of(holds(text));
    });

    private static Builtin Comparing(string name, ComparisonKind kind) =>
        new(name, "other", (rendering, value, arguments) => BooleanValue.Of(Comparison.Holds(kind, value, arguments[0]!, rendering)));

    private static double Remainder(Value value, int divisor)
    {
        if (value is UndefinedValue undefined)
            throw undefined.Fault();
        if (Numbers.TryInteger(value, out BigInteger number))
            return (double)((number % divisor + divisor) % divisor);
        return Numbers.TryFloat(value, out double real)
            ? (real % divisor + divisor) % divisor
            : throw new TemplateFault($"a number is needed here, not '{value.TypeName}'");
    }

    /// <summary>Python's `is`. Its small integers exist once; other numbers and texts are themselves only.</summary>
    private static bool AreSame(Value left, Value right) =>
        ReferenceEquals(left, right)
        || (left is IntegerValue a && right is IntegerValue b && a.Number == b.Number && a.Number >= -5 && a.Number <= 256);
}
