using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Models.Adapters;

/// <summary>
/// The numbers of an <c>adapter_config.json</c> of Hugging Face's PEFT: which modules are adapted, at which rank and scale.
/// </summary>
internal sealed class PeftConfig
{
    private const int MostPatterns = 256;

    private readonly JsonFields _fields;
    private readonly long _rank;
    private readonly double _alpha;
    private readonly bool _rankStabilized;
    private readonly List<(Regex Module, double Value)> _ranks;
    private readonly List<(Regex Module, double Value)> _alphas;
    private readonly Regex? _targetPattern;
    private readonly HashSet<string> _targets = [];

    private PeftConfig(JsonFields fields)
    {
        PeftRefusals.Check(fields);
        _fields = fields;
        _rank = fields.RequireInteger("r");
        _alpha = fields.RequireFloat("lora_alpha");
        _rankStabilized = fields.Bool("use_rslora") ?? false;
        _ranks = ReadPattern("rank_pattern");
        _alphas = ReadPattern("alpha_pattern");
        if (fields.Kind("target_modules") != JsonValueKind.String)
            _targets.UnionWith(fields.Strings("target_modules") ?? []);
        else if (fields.RequireString("target_modules") is var pattern and not "all-linear")
            _targetPattern = Compile("target_modules", $"^(?:{pattern})$");
    }

    /// <exception cref="ModelFileException">The file is absent or damaged, or describes an adapter of another kind.</exception>
    public static PeftConfig Read(string path) => new(JsonFields.Read(path));

    /// <summary>What a module's change is multiplied by.</summary>
    /// <param name="module">Name of a module in the base model.</param>
    /// <param name="rank">As its tensors have it.</param>
    /// <exception cref="ModelFileException">The configuration does not target the module, or gives it another rank.</exception>
    public double ScaleOf(string module, long rank)
    {
        if (!IsTarget(module))
            throw _fields.Fail("target_modules", $"does not name {Printable.Quote(module)}, but the adapter has tensors for it");
        double expected = ValueFor(module, _ranks) ?? _rank;
        if (expected != rank)
            throw _fields.Fail("r", $"gives {Printable.Quote(module)} a rank of {expected}, but its tensors have {rank}");
        return (ValueFor(module, _alphas) ?? _alpha) / (_rankStabilized ? Math.Sqrt(rank) : rank);
    }

    private static double? ValueFor(string module, List<(Regex Module, double Value)> patterns)
    {
        foreach (var (pattern, value) in patterns)
        {
            if (pattern.IsMatch(module))
                return value;
        }
        return null;
    }

    private bool IsTarget(string module) => _targetPattern is not null
        ? _targetPattern.IsMatch(module)
        : _targets.Count == 0 || _targets.Any(name => module == name || module.EndsWith("." + name, StringComparison.Ordinal));

    /// <summary>A key matches a module's whole name, or all that follows one of its dots.</summary>
    private List<(Regex Module, double Value)> ReadPattern(string name)
    {
        if (_fields.Object(name) is not { } patterns)
            return [];
        string[] keys = [.. patterns.Names];
        if (keys.Length > MostPatterns)
            throw _fields.Fail(name, $"has {keys.Length} entries; at most {MostPatterns} are read");
        return [.. keys.Select(key => (Compile(name, $@"^(?:.*\.)?(?:{key})$"), patterns.RequireFloat(key)))];
    }

    /// <summary>Without backtracking: a pattern of a file may be made to match for ever.</summary>
    private Regex Compile(string field, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw _fields.Fail(field, $"has a pattern that cannot be read here: {Printable.Shorten(e.Message)}");
        }
    }
}
