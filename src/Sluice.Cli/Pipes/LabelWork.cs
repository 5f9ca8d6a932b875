using System.CommandLine;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Shapes;
using Sluice.Pipe.Stages;
using Sluice.Pipe.Templates;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Pipes;

/// <summary>
/// Chooses among labels: by how likely each is where the source can tell that, which gives a probability; else the source writes one, and it is
/// checked.
/// </summary>
internal static class LabelWork
{
    public static IStage CreateStage(
        ParseResult parsed, SourceFlags flags, PipeSource source, Template prompt, IReadOnlyList<string> labels, Template? key)
    {
        AskSettings settings = flags.ReadSettings(parsed, source);
        return source.Source is IScoringSource { Scores: true } scoring
            ? new LabelStage(scoring, settings, prompt, labels, key)
            : new PromptStage(source.CreateAsker(), settings, prompt, key, new ChoicesShape(labels, source.Form));
    }
}
