using System.CommandLine;
using Sluice.Local;

namespace Sluice.Cli.Flags;

/// <summary>The MODEL argument.</summary>
internal static class ModelArgument
{
    private const string Description = "A .gguf file, a Hugging Face folder, or demo: the small model that comes with Sluice.";

    /// <summary>One model; the embedded one where none is named.</summary>
    public static Argument<string> One(string description = Description)
    {
        var argument = new Argument<string>("MODEL")
        {
            Description = description,
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => ModelLocator.Demo,
        };
        argument.Validators.Add(Flag.RefuseOptions);
        return argument;
    }

    /// <summary>Any number of models; the embedded one where none is named.</summary>
    public static Argument<string[]> Many()
    {
        var argument = new Argument<string[]>("MODEL")
        {
            Description = Description,
            Arity = ArgumentArity.ZeroOrMore,
            DefaultValueFactory = _ => [ModelLocator.Demo],
        };
        argument.Validators.Add(Flag.RefuseOptions);
        return argument;
    }
}
