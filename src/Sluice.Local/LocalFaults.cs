using Sluice.Core.Errors;
using Sluice.Engine.Requests;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local;

/// <summary>The engine's outcomes in the words of the source contract.</summary>
internal static class LocalFaults
{
    /// <summary>What a submission that was not accepted is to its caller.</summary>
    public static Exception Of(SubmitOutcome outcome, LocalModel model) => outcome switch
    {
        SubmitOutcome.QueueFull => new SourceException(
            SourceFailure.Busy, $"{model.Engine.Options.MaxQueue} requests wait for '{model.Name}' already", TimeSpan.FromSeconds(1)),
        SubmitOutcome.AdapterGone => new SourceException(SourceFailure.Unavailable, $"the adapter was just unloaded from '{model.Name}'"),
        SubmitOutcome.ShuttingDown => new SourceException(SourceFailure.Unavailable, $"'{model.Name}' is shutting down"),
        _ => new InvalidRequestException(
            "the prompt is empty, or prompt and answer need more KV than there is: keep a shorter window or ask for fewer tokens",
            "prompt"),
    };

    /// <summary>How an answer ended that is worth something.</summary>
    /// <exception cref="SourceException">It is not: the model failed or shut down.</exception>
    /// <exception cref="OperationCanceledException">Its reader did not want it any more.</exception>
    public static string FinishOf(FinishReason reason, Exception? fault) => reason switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        FinishReason.Embedded => "embedded",
        FinishReason.Scored => "scored",
        FinishReason.Unloaded => throw new SourceException(SourceFailure.Unavailable, "the adapter was unloaded before the answer was complete"),
        FinishReason.Shutdown => throw new SourceException(SourceFailure.Unavailable, "the server is shutting down"),
        FinishReason.Expired => throw new SourceException(
            SourceFailure.Late, "the request's deadline passed before its answer was complete"),
        FinishReason.Aborted => throw new OperationCanceledException("the request was aborted"),
        _ => throw new SourceException(
            SourceFailure.Failed, fault is SluiceException ? fault.Message : "the model failed; the log has the reason", inner: fault),
    };
}
