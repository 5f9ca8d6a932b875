using System.CommandLine;
using Sluice.Cli.Pipes;
using Sluice.Cli.Streams;
using Sluice.Pipe.Configuration;
using Sluice.Pipe.Output;
using Sluice.Pipe.Stages;
using Sluice.Pipe.Templates;
using Sluice.Protocol.Sources;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice pipe embed</c>: a vector for each record.</summary>
internal sealed class PipeEmbedCommand
{
    private readonly PipeFlags _flags = new();

    public static Command Create(Terminal terminal)
    {
        var embed = new PipeEmbedCommand();
        return embed._flags.Complete(terminal, embed.Plan, new CliCommand(
            "embed", "Turns each record into a vector of length 1, as a JSON array.",
            "sluice pipe embed",
            "sluice pipe embed -i jsonl -k .text -a .vector"), generates: false);
    }

    private Func<PipeSource, PipeWork> Plan(ParseResult parsed, PipeConfig config)
    {
        Template? key = _flags.Records.ReadKey(parsed);
        IOutcomeWriter writer = _flags.CreateWriter(parsed, structured: true);
        return source => source.Source is IEmbeddingSource embedding
            ? new PipeWork(new EmbedStage(embedding, source.Model, key), writer)
            : throw new UsageException("This source gives no embeddings: ask a model in this process.");
    }
}
