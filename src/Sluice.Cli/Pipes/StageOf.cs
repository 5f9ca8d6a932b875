using System.CommandLine;
using Sluice.Pipe.Shapes;
using Sluice.Pipe.Stages;
using Sluice.Pipe.Templates;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Pipes;

/// <summary>The stages that commands have in common, made from flags and an open source.</summary>
internal static class StageOf
{
    /// <summary>A prompt over each record.</summary>
    /// <param name="shape">What answers have to look like; null for any text.</param>
    public static IStage Prompt(ParseResult parsed, PipeFlags flags, PipeSource source, Template prompt, IShape? shape = null) =>
        new PromptStage(source.CreateAsker(), flags.Source.ReadSettings(parsed, source), prompt, flags.Records.ReadKey(parsed), shape);

    /// <summary>
    /// Chooses among labels: by how likely each is where the source can tell that, which gives a probability; else the source writes one,
    /// and it is checked.
    /// </summary>
    public static IStage Labels(ParseResult parsed, PipeFlags flags, PipeSource source, Template prompt, IReadOnlyList<string> labels) =>
        source.Source is IScoringSource { Scores: true } scoring
            ? new LabelStage(scoring, flags.Source.ReadSettings(parsed, source), prompt, labels, flags.Records.ReadKey(parsed))
            : Prompt(parsed, flags, source, prompt, new ChoicesShape(labels, source.Form));
}
